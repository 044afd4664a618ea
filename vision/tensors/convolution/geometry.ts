import type { tf } from '../tf.ts';

/** Geometry of a convolution, the same along height and width, in PyTorch's terms: zeros on both sides. */
export interface ConvGeometry {
  readonly stride?: number;
  readonly padding?: number;
  readonly dilation?: number;
}

export interface ConvAttrs extends tf.NamedAttrMap {
  stride: number;
  padding: number;
  dilation: number;
}

/** Attributes of a gradient: also the shape of what the gradient is for. */
export interface ConvGradientAttrs extends ConvAttrs {
  shape: number[];
}

export interface ConvInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
  kernel: tf.Tensor;
}

export interface InputGradientInputs extends Record<string, tf.Tensor> {
  dy: tf.Tensor;
  kernel: tf.Tensor;
}

export interface KernelGradientInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
  dy: tf.Tensor;
}
