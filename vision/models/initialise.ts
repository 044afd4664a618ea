import { randomFrom } from '../random/random.ts';
import { sizeOf } from './layout.ts';
import type { Initialisation } from './model-entry.ts';
import type { StateEntry } from './network.ts';

/**
 * Fresh values of every entry in PyTorch's layout, drawn from `seed`: entry k has the stream (seed, k). Counters are
 * left out. He et al. 2015, equation 10, for what is drawn normal; biases as PyTorch's Linear: uniform in
 * ±1 / sqrt(fan-in); norms start as the identity.
 */
export function initialValues(request: {
  readonly entries: readonly StateEntry[];
  readonly initialisation: Initialisation;
  readonly seed: number;
}): ReadonlyMap<string, Float32Array> {
  const { entries, initialisation, seed } = request;
  const values = new Map<string, Float32Array>();
  const fanIns = new Map<string, number>();
  entries.forEach((entry, index) => {
    if (entry.role === 'counter') return;
    const [out = 1, ...rest] = entry.shape;
    const layer = entry.name.slice(0, entry.name.lastIndexOf('.'));
    if (entry.role === 'linear' || entry.role === 'convolution') fanIns.set(layer, sizeOf(rest));
    const random = randomFrom(seed, index);
    const normal = (fan: number): (() => number) => {
      const deviation = Math.sqrt(2 / fan);
      return () => deviation * random.normal();
    };
    const uniform = (fan: number): (() => number) => {
      const bound = 1 / Math.sqrt(fan);
      return () => bound * (2 * random.uniform() - 1);
    };
    const fill = (draw: () => number): void => {
      values.set(entry.name, Float32Array.from({ length: sizeOf(entry.shape) }, draw));
    };
    switch (entry.role) {
      case 'convolution':
        return fill(normal(initialisation === 'fan-out' ? sizeOf([out, ...rest.slice(1)]) : sizeOf(rest)));
      case 'linear':
        return fill(initialisation === 'fan-out' ? uniform(sizeOf(rest)) : normal(sizeOf(rest)));
      case 'bias': {
        const fanIn = fanIns.get(layer);
        // A norm's offset has no fan-in: it starts at zero.
        return fill(fanIn === undefined ? () => 0 : uniform(fanIn));
      }
      case 'norm':
        return fill(() => 1);
      case 'buffer':
        return fill(entry.name.endsWith('running_var') ? () => 1 : () => 0);
      case 'embedding':
        throw new Error(`no rule draws the embedding '${entry.name}'`);
    }
  });
  return values;
}
