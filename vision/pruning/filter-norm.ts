import { pruneCount } from './amount.ts';
import type { Masks } from './masks.ts';
import type { AmountRequest, MethodOptions, PruneRequest, PruningMethod } from './method.ts';
import { lowestSlices, sliceNorms, type Dimension, type Norm, type Slice } from './slices.ts';
import { pooledLayers, type LayerStanding, type Standing } from './standing.ts';

/**
 * Structured pruning: whole filters, or input channels, of the lowest norm go (Li et al. 2017; PyTorch's `ln_structured`).
 * The amount counts slices that have any weight left, with PyTorch's rounding; norms are of what is left. Of equal norms
 * the lower index goes first. Ranked over all layers together, a norm is divided by its size (L1) or the root of it (L2),
 * so that large filters have no advantage.
 */
export const filterNorm: PruningMethod = {
  name: 'filter-norm',
  summary: 'whole filters, or input channels, of the lowest norm',
  options: {
    norm: { enum: [1, 2, 'inf'], default: 1, description: 'L1, L2, or the largest magnitude.' },
    dimension: { enum: [0, 1], default: 0, description: '0: filters (outputs) go, 1: input channels.' },
    ranking: {
      enum: ['layer', 'global'],
      default: 'layer',
      description: 'Whether each layer loses its share, or the lowest of all layers go.',
    },
  },
  amountOf: 'of the filters of each layer (or of all, if ranked so)',
  // The outputs of the last layer are the classes, the inputs of the first the colours.
  reaches: ({ name }, { layers, options }) => name !== layers.at(dimensionOf(options) === 0 ? -1 : 0)?.name,
  standingAfter,
  prune: (request) =>
    request.options?.['ranking'] === 'global' ? pruneTogether(request) : pruneEach(request),
};

function dimensionOf(options: MethodOptions | undefined): Dimension {
  return options?.['dimension'] === 1 ? 1 : 0;
}

function normsOf({ weights, masks, shapes, options }: PruneRequest, name: string): readonly Slice[] {
  return sliceNorms(
    { name, values: weights.get(name)!, mask: masks.get(name)!, shape: shapes!.get(name)! },
    { norm: options?.['norm'] as Norm, dimension: dimensionOf(options) },
  );
}

function pruneEach(request: PruneRequest): Masks {
  const gone = [...request.weights.keys()].flatMap((name) => lowest(request, normsOf(request, name)));
  return withoutSlices(request, gone);
}

function pruneTogether(request: PruneRequest): Masks {
  const comparable = [...request.weights.keys()].flatMap((name) =>
    normsOf(request, name).map((slice) => ({ ...slice, norm: slice.norm / slice.scale })),
  );
  return withoutSlices(request, lowest(request, comparable));
}

function lowest({ amount }: PruneRequest, slices: readonly Slice[]): readonly Slice[] {
  const left = slices.filter(({ alive }) => alive);
  return lowestSlices(left, pruneCount(left.length, amount, slices.length));
}

function withoutSlices({ weights, masks, shapes, options }: PruneRequest, gone: readonly Slice[]): Masks {
  const result = new Map([...weights.keys()].map((name) => [name, masks.get(name)!.slice()]));
  for (const { layer, index } of gone) {
    const shape = shapes!.get(layer)!;
    const mask = result.get(layer)!;
    if (dimensionOf(options) === 0) {
      const size = mask.length / shape[0]!;
      mask.fill(0, index * size, (index + 1) * size);
      continue;
    }
    const [outputs, inputs] = shape as [number, number];
    const places = mask.length / outputs / inputs;
    for (let row = 0; row < outputs; row += 1) {
      const start = (row * inputs + index) * places;
      mask.fill(0, start, start + places);
    }
  }
  return result;
}

/** Known of layers that are dense, or have lost whole slices of this dimension only. */
function standingAfter(before: Standing, { amount, options }: AmountRequest): Standing {
  if (options['ranking'] === 'global') return pooledLayers(before.layers, undefined);
  const dimension = dimensionOf(options);
  const layers = before.layers.map((layer): LayerStanding => {
    const { shape, pruned } = layer;
    const known = pruned === 0 || before.slices === dimension ? pruned : undefined;
    if (known === undefined || amount === undefined) return { ...layer, pruned: undefined };
    const slices = shape[dimension]!;
    const size = shape.reduce((product, side) => product * side, 1) / slices;
    const left = slices - known / size;
    // A count beyond what is left: the run will say so.
    if (amount.kind === 'count' && amount.count > left) return { ...layer, pruned: undefined };
    return { ...layer, pruned: known + pruneCount(left, amount, slices) * size };
  });
  const isKnown = layers.every(({ pruned }) => pruned !== undefined);
  return { layers, pooled: isKnown ? 0 : undefined, ...(isKnown ? { slices: dimension } : {}) };
}
