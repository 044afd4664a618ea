import { runOperation, runSingle, type Operation } from '../operation.ts';
import { tf } from '../tf.ts';

interface GeluInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
}

interface GeluGradientInputs extends Record<string, tf.Tensor> {
  dy: tf.Tensor;
  x: tf.Tensor;
  /** The normal distribution function of x. */
  share: tf.Tensor;
}

/** x Φ(x) with Φ the standard normal distribution function: the exact GELU (Hendrycks and Gimpel 2016), element by element. */
export function gelu<T extends tf.Tensor>(x: T): T {
  const [y, share] = runOperation(geluOperation, { x }, {});
  // The tape holds a copy of its own.
  share!.dispose();
  return y as T;
}

/** dy (Φ(x) + x φ(x)) with φ the standard normal density. */
export const geluGradient: Operation<GeluGradientInputs, tf.NamedAttrMap> = {
  name: 'ExactGeluGradient',
  composed: ({ dy, x, share }) => {
    const density = tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return tf.mul(dy, tf.add(share, tf.mul(x, density)));
  },
};

/** Outputs y and Φ(x), which the gradient needs again. */
export const geluOperation: Operation<GeluInputs, tf.NamedAttrMap> = {
  name: 'ExactGelu',
  composed: ({ x }) => {
    const share = tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);
    return [tf.mul(x, share), share];
  },
  gradient: {
    inputsToSave: ['x'],
    outputsToSave: [false, true],
    compute: ([dy], [x, share]) => ({
      x: () => runSingle(geluGradient, { dy: dy!, x: x!, share: share! }, {}),
    }),
  },
};
