import { describe, expect, it } from 'vitest';
import { epochOrder } from '../../../vision/data/loader.ts';
import { repeatedOrder } from '../../../vision/data/repeated-order.ts';
import { referenceJson } from '../../support/reference-case.ts';

interface Case {
  readonly dataset_size: number;
  readonly world_size: number;
  readonly rank: number;
  readonly repetitions: number;
  readonly n_selected: number;
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly checksum: number;
}
const { cases } = referenceJson('metrics/ra_sampler.json') as { readonly cases: readonly Case[] };

describe('repeatedOrder', () => {
  it.each(cases)(
    'of $dataset_size, $repetitions times, rank $rank of $world_size, is RASampler’s',
    (each) => {
      const identity = Int32Array.from({ length: each.dataset_size }, (_, index) => index);
      const draws = repeatedOrder(identity, {
        repeats: each.repetitions,
        replicas: each.world_size,
        rank: each.rank,
      });
      const order = Array.from(draws, (draw) => draw % each.dataset_size);
      expect(order.length).toBe(each.n_selected);
      expect(order.slice(0, each.first.length)).toEqual(each.first);
      expect(order.slice(-each.last.length)).toEqual(each.last);
      expect(order.reduce((sum, index, position) => sum + (position + 1) * index, 0)).toBe(each.checksum);
    },
  );

  it('numbers the repetitions of an image', () => {
    expect([...repeatedOrder(Int32Array.of(2, 0, 1, 3), { repeats: 3 })]).toEqual([2, 6, 10, 0]);
  });

  it('fills a last deal from the beginning', () => {
    // 5 images twice are 10 places; three replicas deal out 12, the last two being the first again.
    const deal = (rank: number) => [
      ...repeatedOrder(Int32Array.of(0, 1, 2, 3, 4), { repeats: 2, replicas: 3, rank }),
    ];
    expect([deal(0), deal(1), deal(2)]).toEqual([[0], [5], [1]]);
  });
});

it('repeats the images of an epoch’s own order', () => {
  const request = { images: 300, seed: 1, epoch: 2 };
  const plain = epochOrder(request);
  const draws = epochOrder({ ...request, repeats: 4 });
  expect(draws.length).toBe(256);
  expect([...draws].map((draw) => draw % 300)).toEqual(
    [...plain.subarray(0, 64)].flatMap((i) => [i, i, i, i]),
  );
  expect(new Set(draws).size).toBe(256);
  expect([...epochOrder({ ...request, repeats: 1 })]).toEqual([...plain]);
});
