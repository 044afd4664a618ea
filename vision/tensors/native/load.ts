import { createRequire } from 'node:module';
import { join } from 'node:path';
import { tf } from '../tf.ts';
import { shareTfjs } from './share-tfjs.ts';
import { BINDING_PACKAGE } from './place.ts';
import { restoreUtilFunctions } from './restore-util.ts';
import { nativeStatus } from './status.ts';

interface Binding {
  readonly TF_Version: string;
}

interface BackendModule {
  readonly NodeJSKernelBackend: new (
    binding: Binding,
    packageName: string,
  ) => tf.KernelBackend & {
    readonly isUsingGpuDevice: boolean;
  };
}

/**
 * Loads TensorFlow's libraries and makes them the backend of this process. Thread counts are read when the libraries load,
 * so they are set first. The package's own entry is not used: it downloads, writes into node_modules and parses our command
 * line. Throws where nothing has been set up.
 */
export function loadTensorflow(threads: number): { version: string; gpu: boolean } {
  const status = nativeStatus();
  if (status.kind === 'missing')
    throw new Error(`The native TensorFlow backend is not available: ${status.reason}.`);
  prepareEnvironment(threads);
  restoreUtilFunctions();

  const require = createRequire(import.meta.url);
  const { NodeJSKernelBackend } = shareTfjs(status.bindingPackage, () => {
    require(join(status.bindingPackage, 'dist/register_all_kernels.js'));
    return require(join(status.bindingPackage, 'dist/nodejs_kernel_backend.js')) as BackendModule;
  });
  const binding = require(status.addon) as Binding;
  const backend = new NodeJSKernelBackend(binding, BINDING_PACKAGE);
  tf.registerBackend('tensorflow', () => backend);
  void tf.setBackend('tensorflow');
  return { version: binding.TF_Version, gpu: backend.isUsingGpuDevice };
}

/**
 * What the caller has set stays, but for the thread count, which is the caller's request. On a GPU the same task gives the
 * same bytes, and products are of whole float32: with TF32 their relative error is 3e-4 where it is 2e-7 (measured on an H200).
 */
function prepareEnvironment(threads: number): void {
  process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  // Operations of a graph that run side by side; that changes no result.
  process.env['TF_NUM_INTEROP_THREADS'] ??= String(threads);
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '1';
  process.env['TF_FORCE_GPU_ALLOW_GROWTH'] ??= 'true';
  process.env['TF_DETERMINISTIC_OPS'] ??= '1';
  process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
}
