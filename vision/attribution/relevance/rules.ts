import { tf } from '../../tensors/index.ts';

/** A layer that is linear but for its bias, and in its kernel too: z = map(x, kernel) + bias. */
export interface LinearLayer {
  readonly kernel: tf.Tensor;
  /** [out] */
  readonly bias: tf.Tensor;
  /** x and a kernel to z without the bias. */
  readonly map: (x: tf.Tensor, kernel: tf.Tensor) => tf.Tensor;
  /** The transpose: what the outputs hand back to the inputs, for a kernel. */
  readonly transposed: (dz: tf.Tensor, kernel: tf.Tensor) => tf.Tensor;
}

/** What a rule divides a layer's relevance by: all that it may look at. */
export interface Passed {
  /** The layer's input. */
  readonly x: tf.Tensor;
  /** Its output, bias included. */
  readonly z: tf.Tensor;
  /** The relevance of its outputs, of z's shape. */
  readonly relevance: tf.Tensor;
  readonly layer: LinearLayer;
  /** Keeps divisors away from zero. */
  readonly epsilon: number;
}

/** The relevance of a layer's inputs, of x's shape. */
export type Rule = (passed: Passed) => tf.Tensor;

/** Which rule serves which layers of a network. */
export interface Composite {
  readonly first: Rule;
  readonly convolution: Rule;
  readonly dense: Rule;
}

/** R_j = sum_k x_j w_jk / (z_k + epsilon sign(z_k)) R_k (Bach et al. 2015, eq. 58). */
export const epsilonRule: Rule = ({ x, z, relevance, layer, epsilon }) =>
  tf.mul(x, layer.transposed(shareOut(relevance, z, epsilon), layer.kernel));

/**
 * The z+ rule, alpha = 1 and beta = 0: only what speaks for an output counts, and of the bias its positive part (Montavon et
 * al. 2019, table 1). Inputs lie behind a ReLU, so that x_j w_jk is positive where w_jk is.
 */
export const plusRule: Rule = ({ x, relevance, layer, epsilon }) => {
  const kernel = tf.relu(layer.kernel);
  const z = tf.add(layer.map(x, kernel), tf.relu(layer.bias));
  return tf.mul(x, layer.transposed(shareOut(relevance, z, epsilon), kernel));
};

/** The z+ rule where inputs have both signs, as an image has: positive inputs with positive weights, negative with negative. */
export const signedPlusRule: Rule = ({ x, relevance, layer, epsilon }) => {
  const parts = [
    { x: tf.relu(x), kernel: tf.relu(layer.kernel) },
    { x: tf.minimum(x, 0), kernel: tf.minimum(layer.kernel, 0) },
  ] as const;
  const [z1, z2] = parts.map((part) => layer.map(part.x, part.kernel)) as [tf.Tensor, tf.Tensor];
  const shares = shareOut(
    relevance,
    tf.addN([z1, z2, tf.mul(tf.onesLike(z1), tf.relu(layer.bias))]),
    epsilon,
  );
  const [r1, r2] = parts.map((part) => tf.mul(part.x, layer.transposed(shares, part.kernel))) as [
    tf.Tensor,
    tf.Tensor,
  ];
  return tf.add(r1, r2);
};

/** Every input of an output's field gets the same, whatever its value: for first layers (Lapuschkin et al. 2019, flat). */
export const flatRule: Rule = ({ x, relevance, layer, epsilon }) => {
  const kernel = tf.onesLike(layer.kernel);
  return layer.transposed(shareOut(relevance, layer.map(tf.onesLike(x), kernel), epsilon), kernel);
};

/** relevance / (z + epsilon sign(z)), with the sign of zero taken as positive. */
export function shareOut(relevance: tf.Tensor, z: tf.Tensor, epsilon: number): tf.Tensor {
  return tf.div(relevance, tf.where(tf.greaterEqual(z, 0), tf.add(z, epsilon), tf.sub(z, epsilon)));
}
