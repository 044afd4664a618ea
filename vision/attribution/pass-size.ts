import { tf } from '../tensors/index.ts';

/** Some of the images (or nodes) that go through the network together: `from` up to `to`, left out. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/** Cuts `count` things into parts of at most `size`. */
export function parts(count: number, size: number): readonly Part[] {
  return Array.from({ length: Math.ceil(count / size) }, (_, i) => ({
    from: i * size,
    to: Math.min(count, (i + 1) * size),
  }));
}

/**
 * How many images fit into `memoryBytes`, from the peak of the tensors that one image's pass makes. A pure function of
 * network, image size and backend, so that the same images go together on every machine of a device class.
 *
 * @param passOfOne makes the tensors of one image's forward and backward pass.
 */
export async function imagesThatFit(memoryBytes: number, passOfOne: () => tf.Tensor): Promise<number> {
  const before = tf.memory().numBytes;
  const profile = await tf.profile(passOfOne);
  tf.dispose(profile.result);
  const held = Math.max(1, profile.peakBytes - before);
  return Math.max(1, Math.floor(memoryBytes / (held * kernelShare)));
}

/** Kernels need room of their own beside the tensors that the backend counts, and memory is freed a little late. */
const kernelShare = 1.5;
