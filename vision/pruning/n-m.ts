import { sizeOf } from '../models/layout.ts';
import type { MethodOptions, PruneRequest, PruningMethod } from './method.ts';
import { textOption } from './options.ts';
import type { LayerStanding } from './standing.ts';

/**
 * N:M sparsity (Mishra et al. 2021, "Accelerating Sparse Deep Neural Networks"): of every M consecutive inputs of an output
 * the N largest magnitudes stay. As in NVIDIA's tools the M lie along the input dimension, [out, in] of a linear layer, and at
 * one place of the kernel of a convolution's [out, in, height, width]. Layers whose inputs are no multiple of M (a stem
 * with three colours) stay as they are. Of equal magnitudes the one of lower input goes first.
 */
export const nOfM: PruningMethod = {
  name: 'n-m',
  summary: 'all but the N largest magnitudes of every M consecutive inputs',
  options: {
    pattern: {
      type: 'string',
      pattern: '^[1-9][0-9]?:[1-9][0-9]?$',
      default: '2:4',
      description: 'N:M, how many of how many inputs stay.',
    },
  },
  problem: (options) => {
    const { stay, of } = patternOf(options);
    if (stay < of) return undefined;
    return { option: 'pattern', message: `${stay}:${of} prunes nothing`, hint: 'N has to be below M: 2:4' };
  },
  reaches: ({ shape }, { options }) => shape.length >= 2 && shape[1]! % patternOf(options).of === 0,
  standingAfter: (before, { options }) => {
    const { stay, of } = patternOf(options);
    const layers = before.layers.map((layer): LayerStanding => {
      const pruned = (sizeOf(layer.shape) / of) * (of - stay);
      // Of weights that are masked already it is not known in which groups they lie.
      return { ...layer, pruned: layer.pruned === 0 ? pruned : undefined };
    });
    return { layers, pooled: layers.some(({ pruned }) => pruned === undefined) ? undefined : 0 };
  },
  prune: ({ weights, masks, shapes, options }: PruneRequest) => {
    const pattern = patternOf(options);
    return new Map(
      [...weights].map(([name, values]) => {
        const layer = { values, mask: masks.get(name)!, shape: shapes!.get(name)! };
        return [name, prunedGroups(layer, pattern)];
      }),
    );
  },
};

interface Pattern {
  readonly stay: number;
  readonly of: number;
}

function patternOf(options: MethodOptions | undefined): Pattern {
  const [stay, of] = textOption(options, 'pattern').split(':').map(Number) as [number, number];
  return { stay, of };
}

function prunedGroups(
  layer: { readonly values: Float32Array; readonly mask: Uint8Array; readonly shape: readonly number[] },
  { stay, of }: Pattern,
): Uint8Array {
  const { values, mask, shape } = layer;
  const inputs = shape[1]!;
  const places = sizeOf(shape.slice(2)); // of the kernel
  const result = mask.slice();
  const group = new Array<number>(of);
  for (let row = 0; row < values.length; row += inputs * places)
    for (let first = 0; first < inputs; first += of)
      for (let place = 0; place < places; place += 1) {
        for (let member = 0; member < of; member += 1)
          group[member] = row + (first + member) * places + place;
        // Masked weights come first: they are among those that are gone.
        const rank = (index: number): number => (mask[index] === 0 ? -1 : Math.abs(values[index]!));
        const order = group.toSorted((a, b) => rank(a) - rank(b) || a - b);
        for (const index of order.slice(0, of - stay)) result[index] = 0;
      }
  return result;
}
