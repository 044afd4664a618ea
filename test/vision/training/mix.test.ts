import { beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { cutmixOf, drawMix, mixed, mixupOf, type Mix } from '../../../vision/training/mix.ts';
import { useTestBackend } from '../../support/backend.ts';
import { floats, referenceJson, referenceTensors } from '../../support/reference-case.ts';
import { channelsFirst, channelsLast } from '../../support/reference-network.ts';

beforeAll(async () => {
  await useTestBackend();
});

const { rows, num_classes: classes } = referenceJson('optim/mixup_cutmix.json') as {
  rows: { i: number; lam: number; r_x: number; r_y: number }[];
  num_classes: number;
};
const reference = referenceTensors('optim/mixup_cutmix.safetensors');
const [batch, , height, width] = reference.get('input')!.shape as [number, number, number, number];

const close = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
  expect(actual).toHaveLength(expected.length);
  Array.from(actual).forEach((value, index) => expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-6));
};

function mixedReference({ blend, share }: Mix): { images: Float32Array; targets: Float32Array } {
  const images = channelsLast(floats(reference, 'input'), reference.get('input')!.shape);
  const labels = tf.tensor1d(Array.from(reference.get('target')!.data, Number), 'int32');
  const targets = tf.cast(tf.oneHot(labels, classes), 'float32');
  const result = mixed({
    images,
    targets,
    before: { images: tf.slice(images, batch - 1, 1), targets: tf.slice(targets, batch - 1, 1) },
    blend: tf.tensor4d(blend, [1, height, width, 1]),
    share: tf.scalar(share),
  });
  return { images: channelsFirst(result.images), targets: result.targets.dataSync<'float32'>() };
}

describe('a mixed batch', () => {
  it.each(rows)('is that of the reference for a share of $lam', ({ i, lam, r_x: x, r_y: y }) => {
    for (const [name, mix] of [
      ['mixup', mixupOf(lam, { height, width })],
      ['cutmix', cutmixOf(lam, { x, y }, { height, width })],
    ] as const) {
      const { images, targets } = mixedReference(mix);
      close(images, floats(reference, `expect/${name}${i}/batch`));
      close(targets, floats(reference, `expect/${name}${i}/target`));
    }
  });

  it('has targets whose share is the area that is left', () => {
    const { blend, share } = cutmixOf(0.3, { x: 2, y: 3 }, { height: 16, width: 16 });
    expect(share).toBe(blend.reduce((sum, value) => sum + value, 0) / 256);
    expect(share).toBeLessThan(1);
  });
});

describe('the draw of a mix', () => {
  const size = { height: 8, width: 8 };
  const draws = (mixing: { mixup: number; cutmix: number }): Mix[] =>
    Array.from({ length: 400 }, (_, step) => drawMix(mixing, size, randomFrom(1, step)));
  const isBox = ({ blend }: Mix): boolean => blend.every((value) => value === 0 || value === 1);

  it('is mixup, cutmix, or one of them at random', () => {
    expect(draws({ mixup: 0.8, cutmix: 0 }).some(isBox)).toBe(false);
    expect(draws({ mixup: 0, cutmix: 1 }).every(isBox)).toBe(true);
    const boxes = draws({ mixup: 0.8, cutmix: 1 }).filter(isBox).length;
    expect(Math.abs(boxes - 200)).toBeLessThan(60);
  });

  it('is the same for the same key, and has shares of Beta(alpha, alpha)', () => {
    expect(draws({ mixup: 0.8, cutmix: 1 })).toEqual(draws({ mixup: 0.8, cutmix: 1 }));
    const shares = draws({ mixup: 0.2, cutmix: 0 }).map(({ share }) => share);
    // Most of Beta(0.2, 0.2) lies at the ends.
    expect(shares.filter((share) => share < 0.1 || share > 0.9).length).toBeGreaterThan(220);
  });
});
