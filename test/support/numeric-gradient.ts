import { tf } from '../../vision/tensors/index.ts';

/**
 * Gradient of `sum(weights * f(inputs))` by central differences, for each input, beside the one by the tape. The weights are
 * fixed odd numbers, so that no element of the output goes unseen.
 */
export function gradientPairs(
  f: (inputs: tf.Tensor[]) => tf.Tensor,
  inputs: readonly tf.Tensor[],
  step = 1e-2,
): { readonly tape: Float32Array; readonly numeric: Float32Array }[] {
  const objective = (...args: tf.Tensor[]): tf.Scalar =>
    tf.tidy(() => {
      const y = f(args);
      const weights = tf.tensor(
        Float32Array.from({ length: y.size }, (_, i) => Math.sin(i * 1.7) + 0.3),
        y.shape,
      );
      return tf.sum(tf.mul(y, weights));
    });
  const tapes = tf.grads(objective)([...inputs]);
  return inputs.map((input, index) => {
    const values = input.dataSync<'float32'>();
    const at = (i: number, delta: number): number =>
      tf.tidy(() => {
        const moved = Float32Array.from(values);
        moved[i]! += delta;
        const args = inputs.map((other, j) => (j === index ? tf.tensor(moved, input.shape) : other));
        return objective(...args).dataSync()[0]!;
      });
    const numeric = Float32Array.from(values, (_, i) => (at(i, step) - at(i, -step)) / (2 * step));
    return { tape: tapes[index]!.dataSync<'float32'>(), numeric };
  });
}

/** Largest absolute difference, relative to the largest absolute value of `expected`. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 1e-12;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]!));
    const gap = Math.abs(actual[i]! - expected[i]!);
    difference = Number.isNaN(gap) ? Infinity : Math.max(difference, gap);
  }
  return difference / largest;
}

/** Normally distributed values from a seed, of a shape. */
export function seeded(shape: readonly number[], seed: number): tf.Tensor {
  return tf.randomNormal([...shape], 0, 1, 'float32', seed);
}
