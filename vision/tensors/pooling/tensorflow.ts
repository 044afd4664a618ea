import { attribute, runTensorflow, type Attributes } from '../tensorflow-ops.ts';
import type { tf } from '../tf.ts';
import type { MaxPoolGradientInputs, MaxPoolInputs, PoolAttrs } from './geometry.ts';

export function fusedMaxPool({ x }: MaxPoolInputs, attrs: PoolAttrs): tf.Tensor {
  return runTensorflow('MaxPool', [x], attributesOf(attrs));
}

export function fusedMaxPoolGradient({ dy, x, y }: MaxPoolGradientInputs, attrs: PoolAttrs): tf.Tensor {
  return runTensorflow('MaxPoolGrad', [x, y, dy], attributesOf(attrs));
}

function attributesOf({ size, stride, padding }: PoolAttrs): Attributes {
  return {
    T: attribute.float32,
    ksize: attribute.ints([1, size, size, 1]),
    strides: attribute.ints([1, stride, stride, 1]),
    padding: attribute.text('EXPLICIT'),
    explicit_paddings: attribute.ints([0, 0, padding, padding, padding, padding, 0, 0]),
    data_format: attribute.text('NHWC'),
  };
}
