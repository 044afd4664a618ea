import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageSet } from '../../../vision/data/image-set.ts';
import type { Network } from '../../../vision/models/network.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { linear, tf } from '../../../vision/tensors/index.ts';
import type { Recipe } from '../../../vision/training/recipe.ts';
import { train } from '../../../vision/training/train.ts';
import { float32Tensor, toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { recipeWith } from './trainee.ts';

beforeAll(async () => {
  await useTestBackend();
});

const side = 4;
const pixels = side * side * 3;

/** One linear layer: no norm sees which images come together, so pieces must not matter. */
const network: Network = {
  entries: [
    { name: 'head.weight', shape: [3, pixels], role: 'linear', prunable: true },
    { name: 'head.bias', shape: [3], role: 'bias', prunable: false },
  ],
  stages: ['head'],
  taps: ['head'],
  classes: 3,
  forward: ({ state, input }) =>
    tf.tidy(() => linear(input.reshape([-1, pixels]), state.get('head.weight')!, state.get('head.bias'))),
};

const set: ImageSet = {
  name: 'noise',
  classes: ['a', 'b', 'c'],
  records: Array.from({ length: 22 }, (_, index) => ({ id: String(index), label: index % 3 })),
  image: (index) => {
    const random = randomFrom(3, index);
    return Promise.resolve({
      width: side,
      height: side,
      data: Uint8Array.from({ length: pixels }, () => random.integer(256)),
    });
  },
};

async function weightsAfter(fields: Partial<Recipe>): Promise<Float32Array> {
  const random = randomFrom(1);
  const draw = (shape: readonly number[], size: number) =>
    float32Tensor(
      shape,
      Float32Array.from({ length: size }, () => 0.1 * random.normal()),
    );
  const result = await train({
    network,
    initial: new Map([
      ['head.weight', draw([3, pixels], 3 * pixels)],
      ['head.bias', draw([3], 3)],
    ]),
    masks: undefined,
    set,
    preprocessing: { crop: side, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], std: [1, 1, 1] },
    recipe: recipeWith({
      epochs: 3,
      learning_rate: 0.05,
      schedule: { kind: 'constant' },
      crop: { kind: 'centre' },
      ...fields,
    }),
    seed: 2,
    onSnapshot: () => Promise.resolve(),
    snapshotEveryMs: Infinity,
    onProgress: () => undefined,
    now: () => 0,
  });
  if (result.kind !== 'trained') throw new Error(result.kind);
  return toFloat32(result.state.get('head.weight')!);
}

const furthest = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, index) => Math.abs(value - b[index]!)));

describe('a network without batch norms', () => {
  it('learns the same from a batch in pieces, mixed images too', async () => {
    for (const mixing of [{}, { mixup: 0.8, cutmix: 1 }]) {
      const whole = await weightsAfter({ batch: 8, ...mixing });
      expect(furthest(await weightsAfter({ batch: 8, micro_batch: 3, ...mixing }), whole)).toBeLessThan(1e-6);
      expect(furthest(await weightsAfter({ batch: 8, micro_batch: 100, ...mixing }), whole)).toBe(0);
      expect(furthest(await weightsAfter({ batch: 7, ...mixing }), whole)).toBeGreaterThan(1e-4);
    }
  });

  it('learns the same from batches that add up to one, the last step of an epoch short', async () => {
    const whole = await weightsAfter({ batch: 8 });
    expect(furthest(await weightsAfter({ batch: 4, accumulate: 2 }), whole)).toBeLessThan(1e-6);
    expect(furthest(await weightsAfter({ batch: 2, accumulate: 4, micro_batch: 1 }), whole)).toBeLessThan(
      1e-6,
    );
    expect(furthest(await weightsAfter({ batch: 4 }), whole)).toBeGreaterThan(1e-4);
  });
});
