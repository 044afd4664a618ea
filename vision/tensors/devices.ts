import { hasNvidiaDriver } from './native/gpu-driver.ts';
import { nativeStatus, type NativeStatus } from './native/status.ts';

/** What tensors are computed on here, for people who ask why it is slow. */
export interface DeviceFacts {
  readonly native: NativeStatus;
  /** One line where the GPU lies idle though it is there; undefined where nothing is wrong. */
  readonly idleGpu: string | undefined;
}

/** Cheap: nothing is loaded. Whether TensorFlow really uses the GPU is in the `BackendInfo` of the process that started it. */
export function deviceFacts(): DeviceFacts {
  const native = nativeStatus();
  const nvidiaDriver = hasNvidiaDriver();
  const withCuda = native.kind === 'ready' && native.variant === 'cuda';
  const idleGpu =
    nvidiaDriver && !withCuda
      ? 'an NVIDIA driver runs here, but TensorFlow is set up without CUDA (`sweetspot setup`)'
      : undefined;
  return { native, idleGpu };
}
