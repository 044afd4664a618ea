import { describe, expect, it } from 'vitest';
import type { ImageSet } from '../../../vision/data/image-set.ts';
import { keepImages } from '../../../vision/data/keep-images.ts';
import { loadBatches, type LoadRequest } from '../../../vision/data/loader.ts';
import { makeKept } from '../../../vision/data/make-kept.ts';
import { openShapes } from '../../../vision/data/shapes/shapes-set.ts';

const drawings = openShapes({ split: 'train', size: 48, count: 6, seed: 1 });
const preprocessing = {
  resize: 40,
  crop: 32,
  interpolation: 'bilinear',
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.3, 0.4],
} as const;
const inputBytes = 32 * 32 * 3;

function counting(images: ImageSet = drawings): { readonly asked: number[]; readonly set: ImageSet } {
  const asked: number[] = [];
  return { asked, set: { ...images, image: (index) => (asked.push(index), images.image(index)) } };
}

function request(set: ImageSet, more: Partial<LoadRequest> = {}): LoadRequest {
  return { set, order: [0, 1, 2, 3, 4, 5], batchSize: 4, preprocessing, seed: 0, epoch: 0, ...more };
}

/** All inputs, to the bit. */
async function values(given: LoadRequest): Promise<string> {
  const all: Buffer[] = [];
  for await (const { images } of loadBatches(given)) all.push(Buffer.from(images.slice().buffer));
  return Buffer.concat(all).toString('base64');
}

describe('inputs that are kept', () => {
  it('are made once, of each geometry, and stay the same to the bit', async () => {
    const { asked, set } = counting();
    const kept = keepImages(set, { maxBytes: 1e9, budget: { bytesLeft: 1e9 } });
    const usual = await values(request(drawings));
    for (let pass = 0; pass < 3; pass += 1) expect(await values(request(kept.set))).toEqual(usual);
    expect(asked).toEqual([0, 1, 2, 3, 4, 5]);

    const other = { ...preprocessing, resize: 36 };
    const wanted = await values(request(drawings, { preprocessing: other }));
    expect(wanted).not.toEqual(usual);
    for (let pass = 0; pass < 2; pass += 1)
      expect(await values(request(kept.set, { preprocessing: other }))).toEqual(wanted);
    expect(asked).toHaveLength(12);
  });

  it('do for any mean and standard deviation', async () => {
    const { asked, set } = counting();
    const kept = keepImages(set, { maxBytes: 1e9, budget: { bytesLeft: 1e9 } });
    await values(request(kept.set));
    const other = { ...preprocessing, mean: [0, 0, 0], std: [1, 1, 1] } as const;
    expect(await values(request(kept.set, { preprocessing: other }))).toEqual(
      await values(request(drawings, { preprocessing: other })),
    );
    expect(asked).toHaveLength(6);
  });

  it('are as many as there is room for, in memory that is given back', async () => {
    const { asked, set } = counting();
    const budget = { bytesLeft: 2.5 * inputBytes };
    const kept = keepImages(set, { maxBytes: 1e9, budget });
    for (let pass = 0; pass < 2; pass += 1) await values(request(kept.set));
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 2, 3, 4, 5]);
    expect(budget.bytesLeft).toBe(inputBytes / 2);
    kept.forget();
    expect(budget.bytesLeft).toBe(2.5 * inputBytes);
    expect(await values(request(kept.set))).toEqual(await values(request(drawings)));
    expect(budget.bytesLeft).toBe(2.5 * inputBytes);
  });

  it('take no memory where images are asked for as decoded, and serve no training', async () => {
    const small = openShapes({ split: 'train', size: 32, count: 6, seed: 1 });
    const { asked, set } = counting(small);
    const budget = { bytesLeft: 1e9 };
    const kept = keepImages(set, { maxBytes: 1e9, budget });
    const asIs = { ...preprocessing, resize: 32 };
    const augment = { flip: true };
    await values(request(kept.set, { preprocessing: asIs, augment }));
    await values(request(kept.set, { preprocessing: asIs }));
    expect(asked).toHaveLength(6);
    expect(budget.bytesLeft).toBe(1e9 - 6 * inputBytes);
  });

  it('are none of a failure, nor of a load that was left', async () => {
    const budget = { bytesLeft: 1e9 };
    let broken = true;
    const flaky: ImageSet = {
      ...drawings,
      image: (index) =>
        broken && index === 3 ? Promise.reject(new Error('damaged')) : drawings.image(index),
    };
    const kept = keepImages(flaky, { maxBytes: 1e9, budget });
    await expect(values(request(kept.set))).rejects.toThrow('damaged');
    broken = false;
    expect(await values(request(kept.set))).toEqual(await values(request(drawings)));

    // Threads leave undone what nobody wants any more, and call it done.
    const left = keepImages(drawings, { maxBytes: 1e9, budget }).set.inputs!(preprocessing);
    const before = budget.bytesLeft;
    const wanted = [{ index: 2, at: 0, request: { preprocessing, keys: [] } }];
    const make = () => Promise.resolve(new Float32Array(inputBytes));
    await makeKept(wanted, { kept: left, dropped: Int32Array.of(1), make });
    expect(left.get(2)).toBeUndefined();
    expect(budget.bytesLeft).toBe(before);
    await makeKept(wanted, { kept: left, dropped: Int32Array.of(0), make });
    expect(left.get(2)).toBeDefined();
  });
});
