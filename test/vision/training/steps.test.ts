import { beforeAll, describe, expect, it } from 'vitest';
import { buildResNet } from '../../../vision/models/resnet.ts';
import { globalMagnitude } from '../../../vision/pruning/global-magnitude.ts';
import { fullMasks, type Masks } from '../../../vision/pruning/masks.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { stateNames } from '../../../vision/training/state-names.ts';
import { toFloat32 } from '../../../vision/weights/raw-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { expectNoLeak } from '../../support/leaks.ts';
import { floats, referenceTensors } from '../../support/reference-case.ts';
import { channelsLast, referenceDict } from '../../support/reference-network.ts';
import { recipeWith, Trainee, type TestBatch } from './trainee.ts';

beforeAll(async () => {
  await useTestBackend();
});

const tensors = referenceTensors('optim/trajectories.safetensors');
const network = buildResNet(
  { block: 'basic', layers: [1, 1, 1, 1], base: 3, dilate: [false, false, false] },
  4,
);
const initial = referenceDict(tensors, network, 'net/weights');
const batch = (): TestBatch => ({
  images: channelsLast(floats(tensors, 'net/input'), [6, 3, 32, 32]),
  labels: tf.tensor1d(Array.from(tensors.get('net/target')!.data, Number), 'int32'),
});

/** Half of the weights masked, whatever their magnitude. */
function halfMasks(): Masks {
  const random = randomFrom(7);
  const weights = [...fullMasks(network.entries)].map(
    ([name, mask]) => [name, Float32Array.from(mask, () => random.uniform())] as const,
  );
  return globalMagnitude.prune({
    weights: new Map(weights),
    masks: fullMasks(network.entries),
    amount: { kind: 'fraction', fraction: 0.5 },
    seed: 0,
  });
}

describe('a step', () => {
  it('holds as many tensors after many as after one, and leaves its inputs', async () => {
    const recipe = recipeWith({ optimizer: { kind: 'adamw' }, clip_grad_norm: 1 });
    const { images, labels } = batch();
    await expectNoLeak(async () => {
      using trainee = new Trainee(network, { initial, masks: halfMasks(), recipe });
      await trainee.step({ images, labels }, 0.01);
      const before = tf.memory().numTensors;
      for (let step = 0; step < 10; step += 1) await trainee.step({ images, labels }, 0.01);
      expect(tf.memory().numTensors).toBe(before);
    });
    expect(images.isDisposed || labels.isDisposed).toBe(false);
  });

  it.each(['sgd', 'rmsprop', 'adam', 'adamw'])(
    'of %s keeps every pruned weight at zero, wherever it started, and its moments too',
    async (kind) => {
      const recipe = recipeWith({ optimizer: { kind }, weight_decay: 0.1, clip_grad_norm: 0.5 });
      const masks = halfMasks();
      using trainee = new Trainee(network, { initial, masks, recipe });
      for (let step = 0; step < 5; step += 1) await trainee.step(batch(), 0.01);
      const dict = await trainee.dict();
      for (const [name, mask] of masks) {
        const values = toFloat32(dict.get(name)!);
        expect(values.every((value, index) => mask[index] === 1 || Object.is(value, 0))).toBe(true);
        expect(values.some((value, index) => mask[index] === 1 && value !== 0)).toBe(true);
      }
      const mask = await trainee.read(stateNames.mask);
      for (const kept of kind === 'sgd' ? ['velocity'] : ['squares']) {
        const moments = await trainee.read(stateNames.optimiser(kept));
        expect(moments.every((value, index) => mask[index] === 1 || value === 0)).toBe(true);
        expect(moments.some((value) => value !== 0)).toBe(true);
      }
    },
  );

  it('shortens a gradient that is too long, by the norm of all parameters but the pruned', async () => {
    const masks = halfMasks();
    const change = async (clip_grad_norm: number | null): Promise<number> => {
      const recipe = recipeWith({ momentum: 0, weight_decay: 0, clip_grad_norm });
      using trainee = new Trainee(network, { initial, masks, recipe });
      const before = await trainee.read(stateNames.parameters);
      await trainee.step(batch(), 1);
      const after = await trainee.read(stateNames.parameters);
      return Math.hypot(...after.map((value, index) => value - before[index]!));
    };
    expect(await change(0.25)).toBeCloseTo(0.25, 4);
    const free = await change(null);
    expect(free).toBeGreaterThan(0.25);
    expect(await change(1e6)).toBeCloseTo(free, 6);
  });
});

describe('a step on several batches', () => {
  it('is one step along the mean gradient of all their images', async () => {
    // Batches of different sizes: each counts by its images.
    const { images, labels } = batch();
    const [first, second] = [tf.slice(images, 0, 4), tf.slice(images, 4, 2)];
    const [firstLabels, secondLabels] = [tf.slice(labels, 0, 4), tf.slice(labels, 4, 2)];
    const parts = [
      { images: first, labels: firstLabels },
      { images: second, labels: secondLabels },
    ];
    const recipe = recipeWith({ momentum: 0, weight_decay: 0 });
    const gradientOf = async (part: TestBatch): Promise<Float32Array> => {
      using trainee = new Trainee(network, { initial, recipe });
      const before = await trainee.read(stateNames.parameters);
      await trainee.step(part, 1);
      const after = await trainee.read(stateNames.parameters);
      return before.map((value, index) => value - after[index]!);
    };
    const [a, b] = [await gradientOf(parts[0]!), await gradientOf(parts[1]!)];
    using trainee = new Trainee(network, { initial, recipe: { ...recipe, accumulate: 2 } });
    const before = await trainee.read(stateNames.parameters);
    trainee.stepOn(parts, 1);
    const after = await trainee.read(stateNames.parameters);
    const worst = Math.max(
      ...after.map((value, index) => Math.abs(before[index]! - value - (4 * a[index]! + 2 * b[index]!) / 6)),
    );
    expect(worst).toBeLessThan(1e-5);
    expect((await trainee.read(stateNames.gradient)).every((value) => value === 0)).toBe(true);
  });
});
