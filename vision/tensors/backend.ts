import { loadTensorflow } from './native/load.ts';
import { nativeStatus } from './native/status.ts';
import { operations } from './operations.ts';
import { tf } from './tf.ts';
import { registerWasmKernels } from './wasm/kernels.ts';

export type BackendName = 'tensorflow' | 'wasm' | 'cpu';

export interface BackendRequest {
  readonly backend: BackendName;
  /** Threads of one operation. On the TensorFlow backend results depend on it to the last bit, so it belongs to the device class. */
  readonly threads: number;
}

/** What computes in this process. */
export interface BackendInfo {
  readonly backend: BackendName;
  /** Version of what computes: TensorFlow's, or tfjs'. */
  readonly version: string;
  readonly threads: number;
  /** Whether a GPU computes. */
  readonly gpu: boolean;
}

export interface BackendAvailability {
  readonly backend: BackendName;
  readonly available: boolean;
  /** One line: why not. */
  readonly why?: string;
}

let started: Promise<BackendInfo> | undefined;

/**
 * Chooses the backend, once in a process: a second request must be the same. Throws where the backend is not available;
 * ask `availableBackends` first.
 */
export async function startBackend(request: BackendRequest): Promise<BackendInfo> {
  started ??= start(request);
  const info = await started;
  if (info.backend !== request.backend) {
    throw new Error(
      `The ${info.backend} backend runs in this process already; ${request.backend} needs its own.`,
    );
  }
  return info;
}

/** The backends of this machine, fastest first. Cheap: nothing is loaded. */
export function availableBackends(): readonly BackendAvailability[] {
  const native = nativeStatus();
  return [
    native.kind === 'ready'
      ? { backend: 'tensorflow', available: true }
      : { backend: 'tensorflow', available: false, why: native.reason },
    { backend: 'wasm', available: true },
    { backend: 'cpu', available: true },
  ];
}

async function start({ backend, threads }: BackendRequest): Promise<BackendInfo> {
  tf.env().set('PROD', true);
  const facts = await load(backend, threads);
  await tf.ready();
  for (const operation of operations) {
    operation.register(backend);
    operation.registerGradient();
  }
  return { backend, ...facts };
}

async function load(backend: BackendName, threads: number): Promise<Omit<BackendInfo, 'backend'>> {
  switch (backend) {
    case 'tensorflow': {
      const { version, gpu } = loadTensorflow(threads);
      return { version, threads, gpu };
    }
    case 'wasm':
      return { ...(await loadWasm()), gpu: false };
    case 'cpu':
      await choose('cpu');
      return { version: tf.version['tfjs-core'], threads: 1, gpu: false };
  }
}

/** One thread: its threaded build computes on the main thread in Node anyway. */
async function loadWasm(): Promise<{ version: string; threads: number }> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  await choose('wasm');
  registerWasmKernels();
  return { version: wasm.version_wasm, threads: 1 };
}

async function choose(backend: BackendName): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new Error(`The ${backend} backend did not start.`);
}
