import { channelSums } from '../linear/bias-add.ts';
import { matrixProduct } from '../linear/linear.ts';
import { runOperation, type Operation } from '../operation.ts';
import { tf } from '../tf.ts';

interface LayerNormInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
  scale: tf.Tensor;
  offset: tf.Tensor;
}

interface LayerNormAttrs extends tf.NamedAttrMap {
  epsilon: number;
}

interface LayerNormGradientInputs extends Record<string, tf.Tensor> {
  dy: tf.Tensor;
  scale: tf.Tensor;
  /** x less its mean, times the inverse deviation. */
  normed: tf.Tensor;
  /** [..., 1] */
  inverse: tf.Tensor;
}

/**
 * Layer norm over the last axis (Ba et al. 2016): (x - mean) / sqrt(variance + epsilon) * scale + offset, with the biased
 * variance.
 * @param x - [..., channels]
 * @param parameters - scale and offset, [channels] each
 */
export function layerNorm<T extends tf.Tensor>(
  x: T,
  parameters: { readonly scale: tf.Tensor; readonly offset: tf.Tensor; readonly epsilon: number },
): T {
  const { epsilon, ...inputs } = parameters;
  const [y, ...forGradient] = runOperation(layerNormOperation, { x, ...inputs }, { epsilon });
  // The tape holds copies of its own.
  tf.dispose(forGradient);
  return y as T;
}

/**
 * Outputs dx, dscale and doffset. With g = dy scale: dx = (g - mean(g) - normed mean(g normed)) / deviation, the means over
 * the last axis.
 */
export const layerNormGradient: Operation<LayerNormGradientInputs, tf.NamedAttrMap> = {
  name: 'LastAxisLayerNormGradient',
  composed: ({ dy, scale, normed, inverse }) => {
    const channels = scale.size;
    // As products with the column of scales: one pass over memory for each mean, with nothing stored between.
    const column = tf.reshape(tf.div(scale, channels), [channels, 1]);
    const rowMeans = (rows: tf.Tensor): tf.Tensor =>
      tf.reshape(matrixProduct(tf.reshape(rows, [-1, channels]), column), inverse.shape);
    const aligned = tf.mul(dy, normed);
    const inner = tf.sub(tf.mul(dy, scale), rowMeans(dy));
    const dx = tf.mul(tf.sub(inner, tf.mul(normed, rowMeans(aligned))), inverse);
    return [dx, channelSums(aligned), channelSums(dy)];
  },
};

/** Outputs y, then what the gradient needs: the normed values and the inverse deviation. */
export const layerNormOperation: Operation<LayerNormInputs, LayerNormAttrs> = {
  name: 'LastAxisLayerNorm',
  composed: ({ x, scale, offset }, { epsilon }) => {
    const centred = tf.sub(x, tf.mean(x, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
    const normed = tf.mul(centred, inverse);
    return [tf.add(tf.mul(normed, scale), offset), normed, inverse];
  },
  gradient: {
    inputsToSave: ['scale'],
    outputsToSave: [false, true, true],
    compute([dy], [scale, normed, inverse]) {
      const saved = { scale: scale!, normed: normed!, inverse: inverse! };
      const [dx, dScale, dOffset] = runOperation(layerNormGradient, { dy: dy!, ...saved }, {});
      return { x: () => dx!, scale: () => dScale!, offset: () => dOffset! };
    },
  },
};
