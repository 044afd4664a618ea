import { describe, expect, it } from 'vitest';
import { packed } from '../../../../engine/executors/slurm/packs.ts';
import { QueueWaits } from '../../../../engine/executors/slurm/queue-waits.ts';

const sized = (ms: readonly (number | undefined)[], budgetMs: number, most = 100): readonly number[] =>
  packed(ms, { budgetMs, expectedMs: (each) => each, most }).map((pack) => pack.length);

describe('short tasks in one job', () => {
  it('are about as much work as a job may hold, and the jobs about alike', () => {
    expect(sized(Array<number>(17).fill(20), 300)).toEqual([9, 8]);
    expect(sized(Array<number>(100).fill(10), 100)).toEqual(Array<number>(10).fill(10));
    expect(sized([1, 1, 1], 100)).toEqual([3]);
  });

  it('keep their order, and none is lost', () => {
    const items = Array.from({ length: 50 }, (_, index) => ({ index, ms: 1 + (index % 7) }));
    const packs = packed(items, { budgetMs: 20, expectedMs: ({ ms }) => ms, most: 100 });
    expect(packs.flat()).toEqual(items);
    for (const pack of packs) expect(pack.reduce((sum, { ms }) => sum + ms, 0)).toBeLessThanOrEqual(27);
  });

  it('are alone where nobody knows how long they take, and where two would be too much', () => {
    expect(sized([undefined, 51, 10, 10], 100)).toEqual([1, 1, 2]);
    expect(sized([10, 10], 0)).toEqual([1, 1]);
  });

  it('are no more than a job may have', () => {
    expect(sized(Array<number>(10).fill(0), 100, 4)).toEqual([4, 3, 3]);
  });
});

describe('how long jobs wait', () => {
  it('is the median of those that began, or of those that have waited longer still', () => {
    const waits = new QueueWaits();
    expect(waits.usualMs([])).toBe(60_000);
    for (const ms of [10, 30, 20]) waits.note(ms);
    expect(waits.usualMs([])).toBe(20);
    expect(waits.usualMs([5])).toBe(20);
    expect(waits.usualMs([5, 500])).toBe(500);
  });
});
