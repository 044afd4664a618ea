import type { Slot } from './slots.ts';

/**
 * The environment of a worker, set before anything of TensorFlow is loaded: its device alone is visible, thread counts
 * are pinned, and nothing that makes results waver is on.
 */
export function workerEnvironment(base: NodeJS.ProcessEnv, slots: readonly Slot[]): NodeJS.ProcessEnv {
  const masks = slots.flatMap((slot) => slot.mask ?? []);
  return {
    ...base,
    // An empty value would hide GPUs as well, but some libraries read it as "not set".
    CUDA_VISIBLE_DEVICES: masks.length === 0 ? '-1' : masks.join(','),
    ...pinnedEnvironment(base, threadsOf(slots)),
  };
}

/** All of it but the device. */
export function pinnedEnvironment(base: NodeJS.ProcessEnv, threads: number): NodeJS.ProcessEnv {
  return {
    TF_NUM_INTRAOP_THREADS: String(threads),
    TF_NUM_INTEROP_THREADS: String(threads),
    OMP_NUM_THREADS: String(threads),
    // Images decode on these threads, also of a task that has more of them than Node gives by itself.
    UV_THREADPOOL_SIZE: base['UV_THREADPOOL_SIZE'] ?? String(Math.max(4, threads)),
    TF_DETERMINISTIC_OPS: '1',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    TF_CPP_MIN_LOG_LEVEL: base['TF_CPP_MIN_LOG_LEVEL'] ?? '2',
    NVIDIA_TF32_OVERRIDE: '0',
  };
}

/** A light worker computes on one thread. */
export function threadsOf(slots: readonly Slot[]): number {
  return Math.max(
    1,
    slots.reduce((sum, slot) => sum + slot.threads, 0),
  );
}
