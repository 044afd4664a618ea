import { describe, expect, it } from 'vitest';
import type {
  Differentiable,
  GradientRequest,
  InputGradients,
  Logits,
} from '../../../vision/attribution/differentiable.ts';
import { noisyCopy } from '../../../vision/attribution/authors/noisy-copies.ts';
import type { ImageBatch } from '../../../vision/attribution/image-batch.ts';
import { chosenClasses } from '../../../vision/attribution/logits.ts';
import { attributionMethodNamed, attributionMethods } from '../../../vision/attribution/methods.ts';
import type { Attribution } from '../../../vision/attribution/method.ts';
import { quadrature, quadratureRules } from '../../../vision/attribution/quadrature.ts';

/** f_t(x) = (t + 1) sum x^3, whose every derivative is known. Its stage is the image itself. */
const logits = ({ count, data }: ImageBatch): Logits => {
  const size = data.length / count;
  const sums = Array.from({ length: count }, (_, i) =>
    data.slice(i * size, (i + 1) * size).reduce((sum, x) => sum + x ** 3, 0),
  );
  return { classes: 2, data: Float32Array.from(sums.flatMap((sum) => [sum, 2 * sum])) };
};
const byImage = ({ images, targets }: Pick<GradientRequest, 'images' | 'targets'>): InputGradients => ({
  logits: logits(images),
  gradients: slope(images, images.data, chosenClasses(targets, logits(images))),
});
const cubic: Differentiable = {
  cam: { stage: 'image' },
  logits: (images) => Promise.resolve(logits(images)),
  inputGradients: (request) => Promise.resolve(byImage(request)),
  relevance: (request) => Promise.resolve(byImage(request)),
  stageGradients: ({ images, targets }) => {
    const { height, width, data: activations } = images;
    const { gradients } = byImage({ images, targets });
    const stage = { logits: logits(images), height, width, channels: 3, activations, gradients };
    return Promise.resolve({ ...stage, guided: gradients });
  },
  // One layer, one head: every token attends to the n-th patch n times as much as to the first.
  attention: {
    kind: 'class-token',
    layers: 1,
    grid: ({ height, width }) => [height, width],
    together: () => Promise.resolve(1),
    weights: (images) => {
      const { count, height, width } = images;
      const tokens = 1 + height * width;
      const row = Float32Array.from({ length: tokens }, (_, token) => token / ((tokens * (tokens - 1)) / 2));
      const data = new Float32Array(count * tokens * tokens);
      for (let at = 0; at < data.length; at += tokens) data.set(row, at);
      return Promise.resolve({
        logits: logits(images),
        layers: [{ images: count, heads: 1, tokens, data }],
      });
    },
  },
  pathGradients: ({ images, from, targets, nodes }) => {
    const sums = new Float64Array(images.data.length);
    for (const { alpha, weight } of nodes) {
      const point = images.data.map((x, i) => {
        const start = typeof from === 'number' ? from : from[i]!;
        return start + alpha * (x - start);
      });
      slope(images, point, targets).forEach((gradient, i) => (sums[i]! += weight * gradient));
    }
    return Promise.resolve(sums);
  },
};

function slope(images: ImageBatch, at: Float32Array, targets: Int32Array): Float32Array<ArrayBuffer> {
  const size = at.length / images.count;
  return Float32Array.from(at, (x, i) => 3 * (targets[Math.floor(i / size)]! + 1) * x * x);
}

const images: ImageBatch = {
  count: 2,
  height: 2,
  width: 2,
  data: Float32Array.from({ length: 24 }, (_, i) => ((i * 7) % 11) / 11 - 0.4),
};
const targets = Int32Array.of(0, 1);

function explain(
  method: string,
  options: { readonly [option: string]: unknown } = {},
  batch = images,
  keys: readonly number[] = [0, 1],
): Promise<Attribution> {
  const entry = attributionMethodNamed(method)!;
  const defaults = Object.fromEntries(
    Object.entries(entry.options).map(([name, { default: value }]) => [name, value]),
  );
  const options2 = { ...defaults, ...options };
  return entry.explain({
    network: cubic,
    images: batch,
    targets: targets.slice(0, batch.count),
    options: options2,
    keys,
    imageNamed: (id) => Promise.resolve(new Float32Array(12).fill(id === 'other' ? 0.25 : 1)),
  });
}

describe('every method', () => {
  it.each(attributionMethods)(
    '$name gives one map an image, with the channels it promises',
    async ({ name, channels }) => {
      const { maps, channels: found } = await explain(name);
      expect(found).toBe(channels);
      expect(maps).toHaveLength(2 * channels * 4);
      expect(maps.every(Number.isFinite)).toBe(true);
    },
  );

  it.each(attributionMethods)('$name states a default and a description of each option', ({ options }) => {
    for (const option of Object.values(options)) {
      expect(option.default).toBeDefined();
      expect(option.description.length).toBeGreaterThan(5);
    }
  });
});

describe('integrated gradients', () => {
  it('are complete: the map sums to f(x) - f(baseline)', async () => {
    const { maps, convergenceDelta } = await explain('integrated-gradients', { baseline: 0.1 });
    expect(Math.abs(convergenceDelta![0]!)).toBeLessThan(1e-5);
    expect(Math.abs(convergenceDelta![1]!)).toBeLessThan(1e-5);
    // Channel first: the second pixel's first channel lies second. x^3 - 0.1^3 is the exact share of each value.
    expect(maps[1]).toBeCloseTo(images.data[3]! ** 3 - 0.1 ** 3, 5);
  });

  it.each(['mean', 'blurred', 'uniform', 'image'])(
    'are complete from a baseline of kind %s',
    async (kind) => {
      const options = { baseline_kind: kind, baseline_blur: 1, baseline_image: 'other' };
      const { maps, convergenceDelta } = await explain('integrated-gradients', options);
      expect(Math.abs(convergenceDelta![0]!)).toBeLessThan(1e-5);
      expect(Math.abs(convergenceDelta![1]!)).toBeLessThan(1e-5);
      expect(maps).not.toEqual((await explain('integrated-gradients')).maps);
    },
  );

  it('begin where the kind says', async () => {
    const share = (end: number, start: number): number => end ** 3 - start ** 3;
    const of = async (options: object): Promise<number> =>
      (await explain('integrated-gradients', { ...options })).maps[0]!;
    const [first] = images.data;
    const reds = [0, 3, 6, 9].map((i) => images.data[i]!);
    const mean = reds.reduce((sum, value) => sum + value, 0) / 4;
    expect(await of({ baseline_kind: 'mean' })).toBeCloseTo(share(first!, mean), 5);
    // A blur wider than the image leaves its mean.
    expect(await of({ baseline_kind: 'blurred', baseline_blur: 50 })).toBeCloseTo(share(first!, mean), 4);
    const other = { baseline_kind: 'image', baseline_image: 'other' };
    expect(await of(other)).toBeCloseTo(share(first!, 0.25), 5);
    expect(await of({ baseline_kind: 'uniform', seed: 1 })).not.toBe(await of({ baseline_kind: 'uniform' }));
  });

  it("are the authors' where these are asked for: means over two noisy copies, seeded", async () => {
    const authors = await explain('integrated-gradients', { variant: 'authors', seed: 3 });
    const copies = [0, 1].map((copy) => noisyCopy(images, { keys: [0, 1], seed: 3, copy }));
    const maps = await Promise.all(copies.map((copy) => explain('integrated-gradients', {}, copy)));
    authors.maps.forEach((value, i) => {
      expect(value).toBeCloseTo((maps[0]!.maps[i]! + maps[1]!.maps[i]!) / 2, 5);
    });
    const deltas = maps.map((map) => map.convergenceDelta![0]!);
    expect(authors.convergenceDelta![0]).toBeCloseTo((deltas[0]! + deltas[1]!) / 2, 6);
  });

  it('show the error of a coarse rule in the convergence delta', async () => {
    const { convergenceDelta } = await explain('integrated-gradients', { rule: 'riemann_right', steps: 2 });
    expect(Math.abs(convergenceDelta![0]!)).toBeGreaterThan(1e-3);
  });
});

describe('smooth-grad', () => {
  it('draws the same noise for an image whatever its batch', async () => {
    const both = await explain('smooth-grad', { samples: 3 });
    const second = {
      ...images,
      count: 1,
      data: images.data.slice(12),
    };
    const { explain: alone, options } = attributionMethodNamed('smooth-grad')!;
    const defaults = Object.fromEntries(
      Object.entries(options).map(([name, { default: value }]) => [name, value]),
    );
    const single = await alone({
      network: cubic,
      images: second,
      targets: Int32Array.of(1),
      options: { ...defaults, samples: 3 },
      keys: [1],
    });
    expect([...single.maps]).toEqual([...both.maps.slice(12)]);
    expect((await explain('smooth-grad', { samples: 3, seed: 1 })).maps).not.toEqual(both.maps);
  });

  it('is the gradient where the noise is zero', async () => {
    const smooth = await explain('smooth-grad', { noise: 0, samples: 2 });
    expect(smooth.maps).toEqual((await explain('saliency', { absolute: false })).maps);
  });
});

describe('grad-cam', () => {
  it('spans 0 to 1', async () => {
    const { maps } = await explain('grad-cam');
    const first = maps.slice(0, 4);
    expect(Math.min(...first)).toBe(0);
    expect(Math.max(...first)).toBeGreaterThan(0.999);
  });
});

describe('quadrature', () => {
  it('has the textbook nodes of Gauss and Legendre', () => {
    const [a, b, c] = quadrature('gausslegendre', 3);
    expect(a!.alpha).toBeCloseTo(0.5 - Math.sqrt(0.15), 14);
    expect(b!.alpha).toBeCloseTo(0.5, 14);
    expect(c!.weight).toBeCloseTo(5 / 18, 14);
    expect(quadrature('gausslegendre', 1)).toEqual([{ alpha: 0.5, weight: 1 }]);
  });

  it.each([2, 5, 20, 50, 300])('integrates x^(2n-1) exactly with n = %i Gauss-Legendre nodes', (n) => {
    const power = Math.min(2 * n - 1, 99);
    const integral = quadrature('gausslegendre', n).reduce(
      (sum, { alpha, weight }) => sum + weight * alpha ** power,
      0,
    );
    expect(integral).toBeCloseTo(1 / (power + 1), 12);
  });

  it.each(quadratureRules)('%s: nodes rise within [0, 1]', (rule) => {
    const alphas = quadrature(rule, 8).map((node) => node.alpha);
    expect(alphas.every((alpha, i) => alpha >= 0 && alpha <= 1 && (i === 0 || alpha > alphas[i - 1]!))).toBe(
      true,
    );
  });
});
