import { always, fanIn, initialNorm, normal, uniform, type InitialRule } from './initialise.ts';
import { sizeOf } from './layout.ts';
import type { StateEntry } from './network.ts';

/**
 * torchvision's ResNets: convolutions normal by fan-out (He et al. 2015, equation 14), the head as PyTorch's Linear, uniform
 * in ±1 / sqrt(fan-in).
 */
export const fanOutRule: InitialRule = (entry, { entries, random }) => {
  switch (entry.role) {
    case 'convolution': {
      const [out = 1, , ...kernel] = entry.shape;
      return normal(random, Math.sqrt(2 / (out * sizeOf(kernel))));
    }
    case 'linear':
      return uniform(random, 1 / Math.sqrt(fanIn(entry)));
    default:
      return biasOrNorm(entry, { entries, random });
  }
};

/** Convolutions and head normal by fan-in (He et al. 2015, equation 10), as the CIFAR ResNets in common use. */
export const fanInRule: InitialRule = (entry, { entries, random }) =>
  entry.role === 'convolution' || entry.role === 'linear'
    ? normal(random, Math.sqrt(2 / fanIn(entry)))
    : biasOrNorm(entry, { entries, random });

/** A layer's bias is PyTorch's Linear's, uniform in ±1 / sqrt(fan-in); a norm's offset has no fan-in, and starts at zero. */
const biasOrNorm: InitialRule = (entry, { entries, random }) => {
  if (entry.role !== 'bias') return initialNorm(entry);
  const weight = weightOf(entry, entries);
  return weight === undefined || weight.role === 'norm'
    ? always(0)
    : uniform(random, 1 / Math.sqrt(fanIn(weight)));
};

function weightOf(bias: StateEntry, entries: readonly StateEntry[]): StateEntry | undefined {
  return entries.find(({ name }) => name === bias.name.replace(/bias$/, 'weight'));
}
