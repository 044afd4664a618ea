import { runOperation, runSingle, type Operation } from '../operation.ts';
import { tf } from '../tf.ts';

interface GeluInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
}

interface GeluGradientInputs extends Record<string, tf.Tensor> {
  dy: tf.Tensor;
  /** x / sqrt(2) */
  u: tf.Tensor;
  /** The normal distribution function of x. */
  share: tf.Tensor;
}

/** x Φ(x) with Φ the standard normal distribution function: the exact GELU (Hendrycks and Gimpel 2016), element by element. */
export function gelu<T extends tf.Tensor>(x: T): T {
  const [y, ...forGradient] = runOperation(geluOperation, { x }, {});
  // The tape holds copies of its own.
  tf.dispose(forGradient);
  return y as T;
}

/** dy (Φ(x) + x φ(x)) with φ the standard normal density: with u = x / sqrt(2), x φ(x) = u / (sqrt(π) exp(u²)). */
export const geluGradient: Operation<GeluGradientInputs, tf.NamedAttrMap> = {
  name: 'ExactGeluGradient',
  composed: ({ dy, u, share }) => {
    const slope = tf.mul(tf.div(u, tf.exp(tf.square(u))), 1 / Math.sqrt(Math.PI));
    return tf.mul(dy, tf.add(share, slope));
  },
};

/** Outputs y, then what the gradient needs: x / sqrt(2) and Φ(x). */
export const geluOperation: Operation<GeluInputs, tf.NamedAttrMap> = {
  name: 'ExactGelu',
  composed: ({ x }) => {
    // In this order TensorFlow's graphs know it, and compute it within the product before it.
    const u = tf.mul(x, Math.SQRT1_2);
    const share = tf.mul(tf.add(tf.erf(u), 1), 0.5);
    return [tf.mul(x, share), u, share];
  },
  gradient: {
    inputsToSave: [],
    outputsToSave: [false, true, true],
    compute: ([dy], [u, share]) => ({
      x: () => runSingle(geluGradient, { dy: dy!, u: u!, share: share! }, {}),
    }),
  },
};
