import { beforeAll, describe, expect, it } from 'vitest';
import type { ImageSet } from '../../../vision/data/image-set.ts';
import type { Network } from '../../../vision/models/network.ts';
import { linear, tf } from '../../../vision/tensors/index.ts';
import { train } from '../../../vision/training/train.ts';
import { float32Tensor } from '../../../vision/weights/raw-tensor.ts';
import { useTestBackend } from '../../support/backend.ts';
import { recipeWith } from './trainee.ts';

beforeAll(async () => {
  await useTestBackend();
});

const side = 4;
const pixels = side * side * 3;

const network: Network = {
  entries: [
    { name: 'head.weight', shape: [2, pixels], role: 'linear', prunable: true },
    { name: 'head.bias', shape: [2], role: 'bias', prunable: false },
  ],
  stages: ['head'],
  taps: ['head'],
  classes: 2,
  noise: ([images = 0]) => [{ name: 'drop', shape: [images, pixels], keep: 0.9 }],
  forward: ({ state, input, training }) =>
    tf.tidy(() => {
      const noise = training?.noise?.get('drop');
      const flat = input.reshape([-1, pixels]);
      return linear(
        noise === undefined ? flat : flat.mul(noise),
        state.get('head.weight')!,
        state.get('head.bias'),
      );
    }),
};

const set: ImageSet = {
  name: 'grey',
  classes: ['dark', 'bright'],
  records: Array.from({ length: 100 }, (_, index) => ({ id: String(index), label: index % 2 })),
  image: (index) =>
    Promise.resolve({ width: side, height: side, data: new Uint8Array(pixels).fill(60 + (index % 2) * 120) }),
};

describe('a long training', { timeout: 300_000 }, () => {
  it('holds as many tensors after 1,000 steps as after 100', async () => {
    const alive: number[] = [];
    const before = tf.memory().numTensors;
    const result = await train({
      network,
      initial: new Map([
        ['head.weight', float32Tensor([2, pixels], new Float32Array(2 * pixels))],
        ['head.bias', float32Tensor([2], new Float32Array(2))],
      ]),
      masks: new Map([['head.weight', new Uint8Array(2 * pixels).fill(1, pixels)]]),
      set,
      preprocessing: { crop: side, interpolation: 'bilinear', mean: [0.5, 0.5, 0.5], std: [1, 1, 1] },
      // Eleven epochs of 100 steps: a snapshot after each but the last.
      recipe: recipeWith({
        epochs: 11,
        batch: 1,
        optimizer: { kind: 'adamw' },
        bias_weight_decay: 0,
        learning_rate: 0.001,
        clip_grad_norm: 1,
        mixup: 0.2,
        cutmix: 1,
        ema: { decay: 0.9, every: 2 },
        crop: { kind: 'centre' },
      }),
      seed: 0,
      onSnapshot: () => {
        alive.push(tf.memory().numTensors);
        return Promise.resolve();
      },
      snapshotEveryMs: Infinity,
      onProgress: () => undefined,
      now: () => 0,
    });
    expect(result.kind).toBe('trained');
    expect(alive).toHaveLength(10);
    expect(new Set(alive).size, alive.join(', ')).toBe(1);
    expect(tf.memory().numTensors).toBe(before);
  });
});
