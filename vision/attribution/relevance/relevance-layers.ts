import type { Layers } from '../../models/layer-set.ts';
import { evaluatedNorm, normNamed } from '../../models/normed-convolution.ts';
import { biasAdd, conv2d, conv2dTransposed, linear, matrixProduct, tf } from '../../tensors/index.ts';
import { shareOut, type Composite, type LinearLayer, type Rule } from './rules.ts';
import { withRelevance } from './with-relevance.ts';

/**
 * Layers of a ResNet through which relevance comes back (Bach et al. 2015). A batch norm is merged into its convolution; sums and means
 * share out by what each part put in; maxima and ReLUs pass on, as their gradients do. Made anew for each pass: the first
 * convolution is the one that sees the image.
 */
export function relevanceLayers(
  usual: Layers,
  { composite, epsilon }: { readonly composite: Composite; readonly epsilon: number },
): Layers {
  let seen = 0;
  const through = (input: tf.Tensor, layer: LinearLayer, rule: Rule): tf.Tensor =>
    withRelevance([input], {
      forward: ([x]) => biasAdd(layer.map(x!, layer.kernel), layer.bias),
      back: ({ inputs: [x], z, relevance, kept: [kernel, bias] }) => [
        rule({ x: x!, z, relevance, layer: { ...layer, kernel: kernel!, bias: bias! }, epsilon }),
      ],
      keep: [layer.kernel, layer.bias],
    });
  return {
    ...usual,
    normedConvolution: (names, input, geometry) => {
      const { factor, shift } = evaluatedNorm(normNamed(names.norm, (name) => usual.parameter(name)));
      seen += 1;
      const layer: LinearLayer = {
        kernel: tf.mul(usual.parameter(`${names.convolution}.weight`), factor),
        bias: shift,
        map: (x, kernel) => conv2d(x, kernel, geometry),
        transposed: (dz, kernel) => conv2dTransposed(dz, kernel, { ...geometry, shape: input.shape }),
      };
      return through(input, layer, seen === 1 ? composite.first : composite.convolution) as tf.Tensor4D;
    },
    relu: (input) => passOn(input, tf.relu) as typeof input,
    linear: (name, input) => {
      const layer: LinearLayer = {
        kernel: usual.parameter(`${name}.weight`),
        bias: usual.parameter(`${name}.bias`),
        map: (x, kernel) => linear(x, kernel),
        transposed: (dz, kernel) => matrixProduct(dz, kernel, { transposeB: true }),
      };
      return through(input, layer, composite.dense) as typeof input;
    },
    add: (branch, shortcut) =>
      withRelevance([branch, shortcut], {
        forward: ([a, b]) => tf.add(a!, b!),
        back: ({ inputs, z, relevance }) => {
          const shares = shareOut(relevance, z, epsilon);
          return inputs.map((part) => tf.mul(part, shares));
        },
      }) as typeof branch,
    globalAveragePool: (input) => meanByContribution(input, epsilon),
  };
}

/** An activation: what its output gets, its input gets. */
function passOn(input: tf.Tensor, activation: (input: tf.Tensor) => tf.Tensor): tf.Tensor {
  return withRelevance([input], {
    forward: ([x]) => activation(x!),
    back: ({ relevance }) => [relevance.clone()],
  });
}

/** The mean over height and width; each cell gets x / (n (mean + epsilon)) of what comes back. */
function meanByContribution(input: tf.Tensor4D, epsilon: number): tf.Tensor2D {
  const [batch, height, width, channels] = input.shape;
  return withRelevance([input], {
    forward: ([x]) => tf.mean(x!, [1, 2]),
    back: ({ inputs: [x], z, relevance }) => {
      const shares = tf.div(shareOut(relevance, z, epsilon), height * width);
      return [tf.mul(x!, tf.reshape(shares, [batch, 1, 1, channels]))];
    },
  }) as tf.Tensor2D;
}
