import { always, fanIn, initialNorm, normal, uniform, type InitialRule } from './initialise.ts';
import type { StateEntry } from './network.ts';

// torchvision cuts its normal draws off at ±2, which lies beyond ten deviations in each of these places.

/**
 * torchvision's vision transformers: patches normal with variance 1 / fan-in, in-projections and MLPs by Glorot and Bengio
 * 2010 (equation 16), out-projections as PyTorch's Linear, position embeddings normal 0.02, the head at zero.
 */
export const vitRule: InitialRule = (entry, { random }) => {
  const { name, role } = entry;
  const inMlp = /\.mlp\.\d\.(weight|bias)$/.test(name);
  switch (role) {
    case 'convolution':
      return stemConvolution.test(name)
        ? uniform(random, 1 / Math.sqrt(fanIn(entry)))
        : normal(random, projectionDeviation(entry));
    case 'linear':
      if (name === 'heads.head.weight') return always(0);
      if (name === 'heads.pre_logits.weight') return normal(random, Math.sqrt(1 / fanIn(entry)));
      return uniform(random, name.endsWith('out_proj.weight') ? 1 / Math.sqrt(fanIn(entry)) : glorot(entry));
    case 'bias':
      return inMlp ? normal(random, 1e-6) : always(0);
    case 'embedding':
      return name === 'class_token' ? always(0) : normal(random, 0.02);
    default:
      return initialNorm(entry);
  }
};

/** torchvision's Swin transformers V2: linear layers normal 0.02 without bias, patches as PyTorch's Conv2d, scales of 10. */
export const swinV2Rule: InitialRule = (entry, { entries, random }) => {
  switch (entry.role) {
    case 'convolution':
      return uniform(random, 1 / Math.sqrt(fanIn(entry)));
    case 'linear':
      return normal(random, 0.02);
    case 'bias': {
      const patches = entries.find(({ role }) => role === 'convolution');
      return patches !== undefined && patches.name.replace(/weight$/, 'bias') === entry.name
        ? uniform(random, 1 / Math.sqrt(fanIn(patches)))
        : always(0);
    }
    case 'scale':
      return always(Math.log(10));
    default:
      return initialNorm(entry);
  }
};

const stemConvolution = /conv_bn_relu_\d+\.0\.weight$/;

/** Of the patch convolution, or of the 1x1 that ends a stem of convolutions. */
function projectionDeviation(entry: StateEntry): number {
  return entry.name.endsWith('conv_last.weight')
    ? Math.sqrt(2 / entry.shape[0]!)
    : Math.sqrt(1 / fanIn(entry));
}

function glorot(weight: StateEntry): number {
  return Math.sqrt(6 / (weight.shape[0]! + fanIn(weight)));
}
