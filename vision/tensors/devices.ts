import { hasNvidiaDriver } from './native/gpu-driver.ts';
import { tryGpu } from './native/gpu-trial.ts';
import { nativeStatus, type NativeStatus } from './native/status.ts';

/** What tensors are computed on here, for people who ask why it is slow. */
export interface DeviceFacts {
  readonly native: NativeStatus;
  /** Whether there is a GPU of NVIDIA's, and TensorFlow computes on it. */
  readonly gpu: 'absent' | 'idle' | 'used';
  /** One line where the GPU lies idle though it is there; undefined where nothing is wrong. */
  readonly idleGpu: string | undefined;
}

/** Nothing is loaded here; where there is a driver and a build for it, a process of its own tries them for a second. */
export async function deviceFacts(): Promise<DeviceFacts> {
  const native = nativeStatus();
  const nvidiaDriver = hasNvidiaDriver();
  const withCuda = native.kind === 'ready' && native.variant === 'cuda';
  if (!nvidiaDriver) return { native, gpu: 'absent', idleGpu: undefined };
  if (!withCuda) {
    const idleGpu = 'an NVIDIA driver runs here, but TensorFlow is set up without CUDA (`sweetspot setup`)';
    return { native, gpu: 'idle', idleGpu };
  }
  const trial = await tryGpu(native.dir);
  if (trial.kind === 'used') return { native, gpu: 'used', idleGpu: undefined };
  return { native, gpu: 'idle', idleGpu: `TensorFlow does not use it: ${trial.why} (\`sweetspot setup\`)` };
}
