import { addonFile } from './place.ts';
import { lastLine, runCommand } from './run-command.ts';
import { withBinding } from './test-load.ts';

/** Whether TensorFlow computes on the GPU of this machine. */
export type GpuTrial =
  | { readonly kind: 'used' }
  | {
      readonly kind: 'unused';
      /** As a sentence's rest. */
      readonly why: string;
    };

const PROGRAM = withBinding("process.stdout.write(binding.isUsingGpuDevice() ? 'GPU' : 'CPU');");

/** What makes TensorFlow say which libraries it opens, and which it does not find. */
const TALKATIVE = { TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'dso_loader=1' };

/** Loads a build in a process of its own, for about a second. */
export async function tryGpu(dir: string): Promise<GpuTrial> {
  const env = { ...process.env, ...TALKATIVE };
  const result = await runCommand(process.execPath, ['-e', PROGRAM, addonFile(dir)], { env });
  switch (result.kind) {
    case 'done':
      return result.stdout === 'GPU' ? { kind: 'used' } : { kind: 'unused', why: reasonIn(result.output) };
    case 'failed':
      return { kind: 'unused', why: `it does not load (${lastLine(result.output)})` };
    case 'absent':
      throw new Error(`${process.execPath} did not start.`);
  }
}

/** What TensorFlow's messages name as the reason not to use a GPU. */
export function reasonIn(output: string): string {
  const missing = [...output.matchAll(/Could not load dynamic library '([^']+)'/g)].map(([, name]) => name);
  if (missing.length > 0) return `it does not find ${[...new Set(missing)].join(', ')}`;
  const driver = /failed call to cuInit: (.+)/.exec(output)?.[1];
  if (driver !== undefined) return `the driver does not start (${driver.trim()})`;
  return 'it found no GPU that it can use';
}
