import { attribute, runTensorflow, type Attributes } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';
import { composedInputGradient, composedKernelGradient } from './composed.ts';
import type {
  ConvAttrs,
  ConvGradientAttrs,
  ConvInputs,
  InputGradientInputs,
  KernelGradientInputs,
} from './geometry.ts';

/** TensorFlow pads inside the convolution when told the amounts, which saves the padded copy of x. */
export function fusedConv2d({ x, kernel }: ConvInputs, attrs: ConvAttrs): tf.Tensor {
  return runTensorflow('Conv2D', [x, kernel], attributesOf(attrs));
}

/** On the CPU TensorFlow has no gradient of dilated convolutions; they go the composed way. */
export function fusedInputGradient(inputs: InputGradientInputs, attrs: ConvGradientAttrs): tf.Tensor {
  if (attrs.dilation > 1) return composedInputGradient(inputs, attrs);
  const shape = tf.tensor1d(attrs.shape, 'int32');
  return runTensorflow('Conv2DBackpropInput', [shape, inputs.kernel, inputs.dy], attributesOf(attrs));
}

export function fusedKernelGradient(inputs: KernelGradientInputs, attrs: ConvGradientAttrs): tf.Tensor {
  if (attrs.dilation > 1) return composedKernelGradient(inputs, attrs);
  const shape = tf.tensor1d(attrs.shape, 'int32');
  return runTensorflow('Conv2DBackpropFilter', [inputs.x, shape, inputs.dy], attributesOf(attrs));
}

function attributesOf({ stride, padding, dilation }: ConvAttrs): Attributes {
  return {
    T: attribute.float32,
    strides: attribute.ints([1, stride, stride, 1]),
    dilations: attribute.ints([1, dilation, dilation, 1]),
    padding: attribute.text('EXPLICIT'),
    explicit_paddings: attribute.ints([0, 0, padding, padding, padding, padding, 0, 0]),
    data_format: attribute.text('NHWC'),
    use_cudnn_on_gpu: attribute.bool(true),
  };
}
