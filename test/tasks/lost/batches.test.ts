import { describe, expect, it } from 'vitest';
import { sameSizeBatches } from '../../../tasks/lost/batches.ts';
import type { BatchLimits, Padded } from '../../../tasks/lost/batches.ts';
import { readAhead } from '../../../tasks/lost/read-ahead.ts';

interface Numbered extends Padded {
  readonly number: number;
}

/** Images of `width` x 10 pixels, numbered as they come. */
async function* images(widths: readonly number[]): AsyncGenerator<Numbered> {
  for (const [number, width] of widths.entries()) {
    await Promise.resolve();
    yield { number, padded: { width, height: 10, data: new Float32Array(0) } };
  }
}

async function groups(widths: readonly number[], limits: BatchLimits): Promise<number[][]> {
  const found: number[][] = [];
  for await (const batch of sameSizeBatches(images(widths), limits))
    found.push(batch.map(({ number }) => number));
  return found;
}

describe('sameSizeBatches', () => {
  const roomy = { pixels: 1000, images: 3, waiting: 10_000 };

  it('groups by size, each group as soon as it is full, the rest at the end', async () => {
    expect(await groups([10, 20, 10, 20, 10, 20, 20], roomy)).toEqual([[0, 2, 4], [1, 3, 5], [6]]);
  });

  it('takes no more pixels at once than allowed, and an image that is larger alone', async () => {
    expect(await groups([40, 40, 40, 200], { ...roomy, pixels: 800 })).toEqual([[0, 1], [3], [2]]);
  });

  it('lets no more wait than allowed: then the largest group goes', async () => {
    expect(await groups([10, 20, 20, 30], { ...roomy, waiting: 700 })).toEqual([[1, 2], [0], [3]]);
  });

  it('has nothing of nothing', async () => {
    expect(await groups([], roomy)).toEqual([]);
  });
});

describe('readAhead', () => {
  it('keeps the order, and reads but a few ahead', async () => {
    const started: number[] = [];
    const read = (index: number): Promise<number> => {
      started.push(index);
      return Promise.resolve(index * 10);
    };
    const found: number[] = [];
    for await (const value of readAhead([5, 6, 7, 8], read, 2)) {
      found.push(value);
      expect(started.length).toBeLessThanOrEqual(found.length + 2);
    }
    expect(found).toEqual([50, 60, 70, 80]);
  });

  it('fails at the image that cannot be read, and not before', async () => {
    const read = (index: number): Promise<number> =>
      index === 1 ? Promise.reject(new Error('no image 1')) : Promise.resolve(index);
    const found: number[] = [];
    const all = async (): Promise<void> => {
      for await (const value of readAhead([0, 1, 2], read, 2)) found.push(value);
    };
    await expect(all()).rejects.toThrow('no image 1');
    expect(found).toEqual([0]);
  });
});
