import { describe, expect, it } from 'vitest';
import { pruneCount } from '../../../vision/pruning/amount.ts';
import { globalMagnitude } from '../../../vision/pruning/global-magnitude.ts';
import { sparsityOf } from '../../../vision/pruning/masks.ts';
import { denseLayer, prunedOf, type Standing } from '../../../vision/pruning/standing.ts';
import { hashFill } from '../../support/hash-fill.ts';
import { bytesOf, floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';

const prune = (
  weights: Map<string, Float32Array>,
  masks: ReadonlyMap<string, Uint8Array>,
  fraction: number,
) => globalMagnitude.prune({ weights, masks, amount: { kind: 'fraction', fraction }, seed: 0 });

describe('global magnitude pruning', () => {
  it.each(['global_l1_resnet_basic', 'global_l1_resnet_basic_convonly', 'global_l1_vit'])(
    'makes the masks of %s',
    (name) => {
      const facts = referenceJson(`prune/${name}.json`) as {
        model_seed: number;
        amount: number;
        module_order: string[];
        iterations: {
          iteration: number;
          total: number;
          zeros: number;
          per_layer_zeros: Record<string, number>;
        }[];
      };
      const tensors = referenceTensors(`prune/${name}.safetensors`);
      const weights = new Map(
        facts.module_order.map((layer) => [layer, Float32Array.from(floats(tensors, `weights/${layer}`))]),
      );
      let masks: ReadonlyMap<string, Uint8Array> = new Map(
        [...weights].map(([layer, values]) => [layer, new Uint8Array(values.length).fill(1)]),
      );
      for (const { iteration, total, zeros, per_layer_zeros: zerosOf } of facts.iterations) {
        // The reference shifts the weights between rounds, in float32, to make the order change.
        if (iteration > 1)
          facts.module_order.forEach((layer, k) => {
            const values = weights.get(layer)!;
            const seed = facts.model_seed * 5003 + iteration * 101 + k;
            const shift = hashFill({ seed, count: values.length, scale: 0.02 });
            weights.set(
              layer,
              values.map((value, index) => value + shift[index]!),
            );
          });
        masks = prune(weights, masks, facts.amount);
        expect(sparsityOf(masks)).toMatchObject({ total, pruned: zeros });
        for (const [layer, mask] of masks) {
          expect(mask.filter((alive) => alive === 0)).toHaveLength(zerosOf[layer]!);
          const expected = tensors.get(`mask${iteration}/${layer}`);
          if (expected) expect(mask).toEqual(bytesOf(tensors, `mask${iteration}/${layer}`));
        }
      }
    },
  );

  it('takes as many of equal magnitudes as it must, the lower flat index first', () => {
    interface Ties {
      cases: { weights: number[]; amount: number; masks: number[][]; pruned_counts: number[] }[];
    }
    for (const { weights, amount, masks, pruned_counts: counts } of (referenceJson('prune/ties.json') as Ties)
      .cases) {
      const values = Float32Array.from(weights);
      let mask: ReadonlyMap<string, Uint8Array> = new Map([['w', new Uint8Array(values.length).fill(1)]]);
      const kept = (of: ArrayLike<number>): number[] =>
        weights
          .filter((_, index) => of[index] === 1)
          .map(Math.abs)
          .sort((a, b) => a - b);
      counts.forEach((count, round) => {
        mask = prune(new Map([['w', values]]), mask, amount);
        expect(sparsityOf(mask).pruned).toBe(count);
        expect(kept(mask.get('w')!)).toEqual(kept(masks[round]!));
      });
    }
    const equal = prune(
      new Map([['w', new Float32Array(6).fill(-1)]]),
      new Map([['w', new Uint8Array(6).fill(1)]]),
      0.5,
    );
    expect([...equal.get('w')!]).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('never changes its arguments, and prunes nothing or everything on request', () => {
    const weights = new Map([['w', Float32Array.of(1, -2, 3)]]);
    const masks = new Map([['w', Uint8Array.of(1, 0, 1)]]);
    expect([...prune(weights, masks, 0).get('w')!]).toEqual([1, 0, 1]);
    expect([...prune(weights, masks, 1).get('w')!]).toEqual([0, 0, 0]);
    expect([...masks.get('w')!]).toEqual([1, 0, 1]);
  });
});

describe('pruneCount', () => {
  const { rows, sequences } = referenceJson('prune/rounding_rule.json') as {
    rows: { n: number; amount: number; amount_is_int: boolean; pruned: number }[];
    sequences: ({ n: number } & ({ formula_zero_counts: number[] } | { schedule: { zeros: number }[] }))[];
  };

  it('rounds half to even, as Python does', () => {
    for (const { n, amount, amount_is_int: isCount, pruned } of rows)
      expect(
        pruneCount(n, isCount ? { kind: 'count', count: amount } : { kind: 'fraction', fraction: amount }),
        `${amount} of ${n}`,
      ).toBe(pruned);
  });

  it('promises the whole schedule, exactly', () => {
    for (const sequence of sequences) {
      const zeros =
        'schedule' in sequence ? sequence.schedule.map((step) => step.zeros) : sequence.formula_zero_counts;
      let standing: Standing = { layers: [denseLayer({ name: 'w', shape: [sequence.n] })], pooled: 0 };
      for (const expected of zeros.slice(1)) {
        standing = globalMagnitude.standingAfter(standing, {
          amount: { kind: 'fraction', fraction: 0.2 },
          options: {},
        });
        expect(prunedOf(standing)).toBe(expected);
      }
    }
  });

  it('brings what is left to a sparsity of the whole, and takes nothing where it is reached', () => {
    expect(pruneCount(80, { kind: 'sparsity', sparsity: 0.5 }, 100)).toBe(30);
    expect(pruneCount(100, { kind: 'sparsity', sparsity: 0.5 })).toBe(50);
    expect(pruneCount(40, { kind: 'sparsity', sparsity: 0.5 }, 100)).toBe(0);
  });

  it('refuses what is no fraction and no count', () => {
    expect(() => pruneCount(10, { kind: 'fraction', fraction: 1.5 })).toThrow('not a fraction');
    expect(() => pruneCount(10, { kind: 'count', count: 11 })).toThrow('cannot be pruned');
  });
});
