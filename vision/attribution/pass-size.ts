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
 * How many images fit into `memoryBytes`, from the peaks of the tensors that a pass makes of one and of two: what it holds
 * whatever their number, such as weights with norms folded in, and what each adds. A pure function of network, image size
 * and backend, so that the same images go together on every machine of a device class.
 *
 * @param pass makes the tensors of so many images' pass.
 */
export async function imagesThatFit(
  memoryBytes: number,
  pass: (images: number) => readonly tf.Tensor[],
): Promise<number> {
  const [one, two] = [await peakOf(() => pass(1)), await peakOf(() => pass(2))];
  const each = Math.max(1, two - one);
  const whateverTheirNumber = Math.max(0, one - each);
  return Math.max(1, Math.floor((memoryBytes / kernelShare - whateverTheirNumber) / each));
}

/** Bytes of tensors that are alive at once while they are made, beyond those that were before. */
async function peakOf(make: () => readonly tf.Tensor[]): Promise<number> {
  const before = tf.memory().numBytes;
  const { result, peakBytes } = await tf.profile(() => [...tf.tidy(() => [...make()])]);
  tf.dispose(result);
  return peakBytes - before;
}

/** Kernels need room of their own beside the tensors that the backend counts, and memory is freed a little late. */
const kernelShare = 1.5;
