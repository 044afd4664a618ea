import { runOperation, type Operation } from '../operation.ts';
import { tf } from '../tf.ts';

// PyTorch's default for `normalize`.
const epsilon = 1e-12;

interface UnitRowsInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
  gain: tf.Tensor;
}

interface UnitRowsGradientInputs extends UnitRowsInputs {
  dy: tf.Tensor;
  /** [..., 1]: 1 / max(|x|, epsilon). */
  inverse: tf.Tensor;
}

/**
 * Vectors along the last axis at length `gain`: gain x / max(|x|, 1e-12) (PyTorch's `normalize`, times a factor). Both
 * factors meet as one number a vector, so that the gain costs no pass over x.
 * @param x - [..., size]
 * @param gain - of the same rank, [..., 1], with further axes of 1 where vectors share it
 */
export function unitRows<T extends tf.Tensor>(x: T, gain: tf.Tensor): T {
  const [y, ...forGradient] = runOperation(unitRowsOperation, { x, gain }, {});
  tf.dispose(forGradient);
  return y as T;
}

/**
 * Outputs dx and dgain. With u = x / |x|: dx = gain (dy - u (u · dy)) / |x|, dgain the sum of u · dy. A vector shorter than
 * epsilon was divided by a constant: its dx is gain dy / epsilon.
 */
export const unitRowsGradient: Operation<UnitRowsGradientInputs, tf.NamedAttrMap> = {
  name: 'UnitRowsGradient',
  composed: ({ dy, x, gain, inverse }) => {
    const along = tf.sum(tf.mul(x, dy), -1, true); // [..., 1], as inverse
    const factor = tf.mul(gain, inverse);
    const turns = tf.cast(tf.less(inverse, 1 / epsilon), 'float32');
    const back = tf.mul(tf.mul(factor, turns), tf.mul(along, tf.square(inverse)));
    const dx = tf.sub(tf.mul(dy, factor), tf.mul(x, back));
    const each = tf.mul(along, inverse);
    const shared = each.shape.flatMap((side, axis) => (side === gain.shape[axis] ? [] : [axis]));
    return [dx, shared.length === 0 ? each : tf.sum(each, shared, true)];
  },
};

/** Outputs y and the inverse lengths. */
export const unitRowsOperation: Operation<UnitRowsInputs, tf.NamedAttrMap> = {
  name: 'UnitRows',
  composed: ({ x, gain }) => {
    const length = tf.sqrt(tf.sum(tf.square(x), -1, true));
    const inverse = tf.reciprocal(tf.maximum(length, epsilon));
    return [tf.mul(x, tf.mul(gain, inverse)), inverse];
  },
  gradient: {
    inputsToSave: ['x', 'gain'],
    outputsToSave: [false, true],
    compute([dy], [x, gain, inverse]) {
      const saved = { x: x!, gain: gain!, inverse: inverse! };
      const [dx, dGain] = runOperation(unitRowsGradient, { dy: dy!, ...saved }, {});
      return { x: () => dx!, gain: () => dGain! };
    },
  },
};
