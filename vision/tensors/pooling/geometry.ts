import type { tf } from '../tf.ts';

/** Square windows; the stride is the size where it is not given. */
export interface PoolGeometry {
  readonly size: number;
  readonly stride?: number;
  readonly padding?: number;
}

export interface PoolAttrs extends tf.NamedAttrMap {
  size: number;
  stride: number;
  padding: number;
}

export interface MaxPoolInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
}

export interface MaxPoolGradientInputs extends Record<string, tf.Tensor> {
  dy: tf.Tensor;
  x: tf.Tensor;
  y: tf.Tensor;
}
