import { describe, expect, it } from 'vitest';
import { augmentImage, randomResizedCrop } from '../../../vision/data/augment.ts';
import type { ImageSet, Raster } from '../../../vision/data/image-set.ts';
import { keepImages } from '../../../vision/data/keep-images.ts';
import { type Batch, epochOrder, loadBatches, type LoadRequest } from '../../../vision/data/loader.ts';
import { openShapes } from '../../../vision/data/shapes/shapes-set.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const set = openShapes({ split: 'train', size: 32, count: 24, seed: 1 });
const preprocessing = {
  crop: 32,
  interpolation: 'bilinear',
  mean: [0.5, 0.4, 0.3],
  std: [0.2, 0.3, 0.4],
} as const;
const request = {
  set,
  preprocessing,
  batchSize: 7,
  seed: 3,
  epoch: 0,
  order: set.records.map((_, index) => index),
};
const augment = { crop: { kind: 'padded', padding: 4 }, flip: true } as const;

async function collect(given: LoadRequest): Promise<Batch[]> {
  const batches: Batch[] = [];
  for await (const batch of loadBatches(given)) batches.push(batch);
  return batches;
}

/** Each image's values by its index. */
async function inputs(given: LoadRequest): Promise<Map<number, Float32Array>> {
  const size = 32 * 32 * 3;
  const all = new Map<number, Float32Array>();
  for (const { images, indices } of await collect(given)) {
    indices.forEach((index, at) => all.set(index, images.slice(at * size, (at + 1) * size)));
  }
  return all;
}

describe('loadBatches', () => {
  it('gives every image once, in order, the last batch short', async () => {
    const batches = await collect(request);
    expect(batches.map(({ indices }) => indices.length)).toEqual([7, 7, 7, 3]);
    expect(batches.flatMap(({ indices }) => Array.from(indices))).toEqual(request.order);
    expect(batches.flatMap(({ labels }) => Array.from(labels))).toEqual(
      set.records.map(({ label }) => label),
    );
  });

  it('standardises each channel', async () => {
    const [first] = await collect({ ...request, order: [5] });
    const image = await set.image(5);
    const wanted = Array.from(image.data, (value, at) => {
      const channel = at % 3;
      return (value / 255 - preprocessing.mean[channel]!) / preprocessing.std[channel]!;
    });
    first!.images.forEach((value, at) => expect(value).toBeCloseTo(wanted[at]!, 5));
  });

  it('changes an image at random by (seed, epoch, index) alone', async () => {
    const usual = await inputs({ ...request, augment });
    const other = await inputs({
      ...request,
      augment,
      batchSize: 5,
      prefetch: 0,
      order: [...request.order].reverse(),
    });
    expect(other).toEqual(usual);
    const nextEpoch = await inputs({ ...request, augment, epoch: 1 });
    const otherSeed = await inputs({ ...request, augment, seed: 4 });
    for (const changed of [nextEpoch, otherSeed]) {
      const same = [...usual].filter(([index, values]) => same32(values, changed.get(index)!));
      expect(same.length).toBeLessThan(6);
    }
  });

  it('changes each repetition of an image otherwise', async () => {
    const n = set.records.length;
    const [batch] = await collect({ ...request, augment, order: [5, 5 + n, 5 + 2 * n, 5], batchSize: 4 });
    expect([...batch!.indices]).toEqual([5, 5, 5, 5]);
    const size = 32 * 32 * 3;
    const [first, second, third, again] = [0, 1, 2, 3].map((at) =>
      batch!.images.slice(at * size, (at + 1) * size),
    );
    expect(again).toEqual(first);
    expect(first).toEqual((await inputs({ ...request, augment })).get(5));
    expect(same32(first!, second!) || same32(first!, third!) || same32(second!, third!)).toBe(false);
  });

  it('works ahead by no more than it is told', async () => {
    let decoded = 0;
    const counting: ImageSet = { ...set, image: (index) => ((decoded += 1), set.image(index)) };
    const batches = loadBatches({ ...request, set: counting, batchSize: 4, prefetch: 1 });
    await batches.next();
    expect(decoded).toBe(8);
    await batches.return();
    expect(decoded).toBe(8);
  });

  it('stops with the reason of its signal', async () => {
    const stop = new AbortController();
    const batches = loadBatches({ ...request, signal: stop.signal });
    await batches.next();
    stop.abort(new Error('enough'));
    await expect(batches.next()).rejects.toThrow('enough');
  });

  it('throws what an image throws, when its batch is due', async () => {
    const broken: ImageSet = {
      ...set,
      image: (index) => (index === 10 ? Promise.reject(new Error('damaged')) : set.image(index)),
    };
    const batches = loadBatches({ ...request, set: broken });
    expect((await batches.next()).done).toBe(false);
    await expect(batches.next()).rejects.toThrow('damaged');
  });
});

describe('epochOrder', () => {
  it('is a permutation that each seed and epoch has of its own', () => {
    const order = epochOrder({ images: 50, seed: 1, epoch: 2 });
    expect(Array.from(order).sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index));
    expect(epochOrder({ images: 50, seed: 1, epoch: 2 })).toEqual(order);
    expect(epochOrder({ images: 50, seed: 1, epoch: 3 })).not.toEqual(order);
    expect(epochOrder({ images: 50, seed: 2, epoch: 2 })).not.toEqual(order);
  });
});

describe('keepImages', () => {
  const bytes = 32 * 32 * 3;

  function counting(): { readonly asked: number[]; readonly set: ImageSet } {
    const asked: number[] = [];
    return { asked, set: { ...set, image: (index) => (asked.push(index), set.image(index)) } };
  }

  it('asks once for what fits, and again for what does not', async () => {
    const { asked, set: source } = counting();
    const kept = keepImages(source, { maxBytes: 2 * bytes, budget: { bytesLeft: 1e9 } });
    for (const index of [0, 1, 2, 0, 1, 2]) await kept.set.image(index);
    expect(asked).toEqual([0, 1, 2, 2]);
  });

  it('shares a budget, and gives back what it took', async () => {
    const budget = { bytesLeft: bytes };
    const [first, second] = [counting(), counting()];
    const [one, two] = [first, second].map(({ set: source }) =>
      keepImages(source, { maxBytes: 1e9, budget }),
    );
    await one!.set.image(0);
    for (const index of [1, 1]) await two!.set.image(index);
    expect(second.asked).toEqual([1, 1]);
    one!.forget();
    expect(budget.bytesLeft).toBe(bytes);
    for (const index of [1, 1]) await two!.set.image(index);
    expect(second.asked).toEqual([1, 1, 1]);
    await one!.set.image(0);
    expect(first.asked).toEqual([0, 0]);
  });

  it('does not keep a failure', async () => {
    let tries = 0;
    const flaky: ImageSet = {
      ...set,
      image: (index) => ((tries += 1), tries === 1 ? Promise.reject(new Error('busy')) : set.image(index)),
    };
    const kept = keepImages(flaky, { maxBytes: 1e6, budget: { bytesLeft: 1e6 } });
    await expect(kept.set.image(0)).rejects.toThrow('busy');
    await expect(kept.set.image(0)).resolves.toMatchObject({ width: 32 });
  });
});

describe('augmentImage', () => {
  const ramp: Raster = {
    width: 8,
    height: 8,
    data: Uint8Array.from({ length: 192 }, (_, at) => 1 + Math.floor(at / 3)),
  };
  const small = { ...preprocessing, crop: 8 };

  it('moves the window by up to the padding, black beyond', () => {
    const corners = new Set<number>();
    for (let seed = 0; seed < 200; seed += 1) {
      const crop = { kind: 'padded', padding: 1 } as const;
      const moved = augmentImage(ramp, { preprocessing: small, augment: { crop }, random: randomFrom(seed) });
      corners.add(moved.data[0]!);
    }
    // The upper left pixel is black (beyond an edge), or one of the four that a shift of 0 or 1 brings there.
    expect([...corners].sort((a, b) => a - b)).toEqual([0, 1, 2, 9, 10]);
  });

  it('mirrors about every second image', () => {
    let mirrored = 0;
    for (let seed = 0; seed < 400; seed += 1) {
      const image = augmentImage(ramp, {
        preprocessing: small,
        augment: { flip: true },
        random: randomFrom(seed),
      });
      if (image.data[0] === 8) mirrored += 1;
    }
    expect(mirrored).toBeGreaterThan(160);
    expect(mirrored).toBeLessThan(240);
  });

  it('resizes a random window within the image', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      const crop = randomResizedCrop;
      const image = augmentImage(ramp, { preprocessing: small, augment: { crop }, random: randomFrom(seed) });
      expect([image.width, image.height]).toEqual([8, 8]);
      expect(Math.min(...image.data)).toBeGreaterThan(0);
    }
  });
});

function same32(a: Float32Array, b: Float32Array): boolean {
  return Buffer.from(a.buffer).equals(Buffer.from(b.buffer));
}
