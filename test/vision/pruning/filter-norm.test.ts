import { describe, expect, it } from 'vitest';
import type { PruningAmount } from '../../../vision/pruning/amount.ts';
import { filterNorm } from '../../../vision/pruning/filter-norm.ts';
import type { Masks } from '../../../vision/pruning/masks.ts';
import { bytesOf, floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';

const fraction = (value: number): PruningAmount => ({ kind: 'fraction', fraction: value });

interface Layer {
  readonly values: Float32Array;
  readonly shape: readonly number[];
}

function prune(
  layers: Readonly<Record<string, Layer>>,
  amount: PruningAmount,
  options: { norm?: 1 | 2 | 'inf'; dimension?: 0 | 1; ranking?: 'layer' | 'global' } = {},
  masks?: Masks,
): Masks {
  const entries = Object.entries(layers);
  return filterNorm.prune({
    weights: new Map(entries.map(([name, { values }]) => [name, values])),
    masks:
      masks ?? new Map(entries.map(([name, { values }]) => [name, new Uint8Array(values.length).fill(1)])),
    shapes: new Map(entries.map(([name, { shape }]) => [name, shape])),
    amount,
    seed: 0,
    options: { norm: 1, dimension: 0, ranking: 'layer', ...options },
  });
}

/** A layer of [filters, inputs] from rows. */
const matrix = (...rows: readonly (readonly number[])[]): Layer => ({
  values: Float32Array.from(rows.flat()),
  shape: [rows.length, rows[0]!.length],
});

describe('pruning by filter norm', () => {
  const { cases } = referenceJson('prune/ln_structured.json') as {
    cases: { i: number; shape: number[]; n: string; dim: 0 | 1; amount: number }[];
  };
  const tensors = referenceTensors('prune/ln_structured.safetensors');

  it.each(cases)('makes the masks of case $i: L$n of dimension $dim, amount $amount', (each) => {
    const { i, shape, n, dim, amount } = each;
    const norm = n === 'inf' ? 'inf' : (Number(n) as 1 | 2);
    // As in PyTorch, a whole number is a count there.
    const size: PruningAmount = Number.isInteger(amount)
      ? { kind: 'count', count: amount }
      : fraction(amount);
    const masks = prune({ w: { values: floats(tensors, `w${i}`), shape } }, size, { norm, dimension: dim });
    expect(masks.get('w')).toEqual(bytesOf(tensors, `mask${i}`));
  });

  it('counts and ranks what is left when it prunes again', () => {
    const layer = matrix([1, 1], [5, 5], [2, 2], [9, 0.5], [4, 4]);
    const first = prune({ w: layer }, { kind: 'count', count: 1 });
    expect([...first.get('w')!]).toEqual([0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    // A weight of the fourth filter is masked: 0.5 is left of its norm, which is now the lowest.
    const thinned = new Map([['w', Uint8Array.from(first.get('w')!)]]);
    thinned.get('w')![6] = 0;
    const second = prune({ w: layer }, fraction(0.5), {}, thinned);
    expect([...second.get('w')!]).toEqual([0, 0, 1, 1, 0, 0, 0, 0, 1, 1]);
  });

  it('ranks filters of all layers by their mean magnitude, or the root of their mean square', () => {
    const wide = matrix([1, 1, 1, 1, 1, 1], [2.2, 2.2, 2.2, 2.2, 2.2, 2.2]);
    const narrow = matrix([2, 2], [2.5, 2.5]);
    for (const norm of [1, 2] as const) {
      const masks = prune({ wide, narrow }, { kind: 'count', count: 3 }, { norm, ranking: 'global' });
      expect([...masks.get('wide')!]).toEqual(Array(12).fill(0));
      expect([...masks.get('narrow')!]).toEqual([0, 0, 1, 1]);
    }
  });

  it('lets the lower index go of equal norms', () => {
    expect([...prune({ w: matrix([1], [1], [1], [1]) }, fraction(0.5)).get('w')!]).toEqual([0, 0, 1, 1]);
  });

  it('spares the classes, and the colours', () => {
    const layers = ['stem', 'body', 'head'].map((name) => ({ name, shape: [4, 4] }));
    const reached = (dimension: number) =>
      layers
        .filter((layer) => filterNorm.reaches!(layer, { layers, options: { dimension } }))
        .map(({ name }) => name);
    expect(reached(0)).toEqual(['stem', 'body']);
    expect(reached(1)).toEqual(['body', 'head']);
  });
});
