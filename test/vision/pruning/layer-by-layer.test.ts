import { describe, expect, it } from 'vitest';
import { layerMagnitude } from '../../../vision/pruning/layer-magnitude.ts';
import { layerRandom } from '../../../vision/pruning/layer-random.ts';
import { fullMasks, sparsityOf } from '../../../vision/pruning/masks.ts';

const weights = new Map([
  ['small', Float32Array.of(0.1, -0.2, 0.3, -0.4, 0.5)],
  ['large', Float32Array.of(10, -20, 30, -40, 50, 60, 70)],
]);
const masks = fullMasks(
  [...weights].map(([name, { length }]) => ({ name, shape: [length], role: 'linear', prunable: true })),
);
const half = { kind: 'fraction', fraction: 0.5 } as const;

describe('pruning layer by layer', () => {
  it('takes the smallest of each layer, however large, rounding half to even', () => {
    const pruned = layerMagnitude.prune({ weights, masks, amount: half, seed: 0 });
    expect([...pruned.get('small')!]).toEqual([0, 0, 1, 1, 1]);
    expect([...pruned.get('large')!]).toEqual([0, 0, 0, 0, 1, 1, 1]);
  });

  it('counts in each layer, and says how many a layer has left', () => {
    const two = layerMagnitude.prune({ weights, masks, amount: { kind: 'count', count: 2 }, seed: 0 });
    expect(sparsityOf(two).pruned).toBe(4);
    expect(() =>
      layerMagnitude.prune({ weights, masks, amount: { kind: 'count', count: 6 }, seed: 0 }),
    ).toThrow('6 of 5');
  });

  it('draws in each layer from a stream of its own', () => {
    const many = new Map(['a', 'b'].map((name) => [name, new Float32Array(400).fill(1)]));
    const full = new Map([...many.keys()].map((name) => [name, new Uint8Array(400).fill(1)]));
    const prune = (seed: number) => layerRandom.prune({ weights: many, masks: full, amount: half, seed });
    const pruned = prune(1);
    for (const mask of pruned.values()) expect(mask.filter((alive) => alive === 0)).toHaveLength(200);
    expect(pruned.get('a')).not.toEqual(pruned.get('b'));
    expect(prune(1)).toEqual(pruned);
    expect(prune(2)).not.toEqual(pruned);
  });
});
