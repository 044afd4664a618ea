import { attribute, runTensorflow, type Attributes } from '../tensorflow-ops.ts';
import { tf } from '../tf.ts';
import { composedInputGradient, composedKernelGradient, padSides } from './composed.ts';
import type {
  ConvAttrs,
  ConvGradientAttrs,
  ConvInputs,
  InputGradientInputs,
  KernelGradientInputs,
} from './geometry.ts';

/**
 * Where the padding happens. TensorFlow pads inside a convolution when told the amounts, but on the CPU the gradients of
 * such a convolution miss oneDNN and take two to five times as long (measured with TensorFlow 2.21). `SAME` and `VALID`
 * do not, and with stride 1 `SAME` is symmetric.
 */
type Padding = 'EXPLICIT' | 'SAME' | 'VALID';

export function fusedConv2d({ x, kernel }: ConvInputs, attrs: ConvAttrs): tf.Tensor {
  return runTensorflow('Conv2D', [x, kernel], attributesOf(attrs, 'EXPLICIT'));
}

/** On the CPU TensorFlow has no gradient of dilated convolutions; they go the composed way. */
export function fusedInputGradient(inputs: InputGradientInputs, attrs: ConvGradientAttrs): tf.Tensor {
  if (attrs.dilation > 1) return composedInputGradient(inputs, attrs);
  const { dy, kernel } = inputs;
  const [batch, height, width, channels] = attrs.shape as [number, number, number, number];
  const into = (shape: number[], padding: Padding): tf.Tensor =>
    runTensorflow(
      'Conv2DBackpropInput',
      [tf.tensor1d(shape, 'int32'), kernel, dy],
      attributesOf(attrs, padding),
    );

  const whole = paddingInside(attrs, kernel);
  if (whole !== undefined) return into(attrs.shape, whole);
  // Into very few channels, as of the first layer, oneDNN is the slower of the two.
  if (channels < 8) return into(attrs.shape, 'EXPLICIT');
  const { padding } = attrs;
  const padded = into([batch, height + 2 * padding, width + 2 * padding, channels], 'VALID');
  return tf.slice(padded, [0, padding, padding, 0], attrs.shape);
}

export function fusedKernelGradient({ x, dy }: KernelGradientInputs, attrs: ConvGradientAttrs): tf.Tensor {
  if (attrs.dilation > 1) return composedKernelGradient({ x, dy }, attrs);
  const shape = tf.tensor1d(attrs.shape, 'int32');
  const whole = paddingInside(attrs, { shape: attrs.shape });
  const images = whole === undefined ? padSides(x, attrs.padding) : x;
  return runTensorflow('Conv2DBackpropFilter', [images, shape, dy], attributesOf(attrs, whole ?? 'VALID'));
}

/** `SAME` or `VALID` where they mean this padding. */
function paddingInside(
  { stride, padding }: ConvAttrs,
  { shape }: { readonly shape: readonly number[] },
): Padding | undefined {
  if (padding === 0) return 'VALID';
  const isSame = stride === 1 && shape[0] === 2 * padding + 1 && shape[1] === 2 * padding + 1;
  return isSame ? 'SAME' : undefined;
}

function attributesOf({ stride, padding, dilation }: ConvAttrs, mode: Padding): Attributes {
  const sides = [0, 0, padding, padding, padding, padding, 0, 0];
  return {
    T: attribute.float32,
    strides: attribute.ints([1, stride, stride, 1]),
    dilations: attribute.ints([1, dilation, dilation, 1]),
    padding: attribute.text(mode),
    ...(mode === 'EXPLICIT' ? { explicit_paddings: attribute.ints(sides) } : {}),
    data_format: attribute.text('NHWC'),
    use_cudnn_on_gpu: attribute.bool(true),
  };
}
