import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSet } from '../../../vision/data/image-set.ts';
import { fanInRule } from '../../../vision/models/initial-resnet.ts';
import type { Preprocessing } from '../../../vision/models/model-entry.ts';
import { buildCifarResNet } from '../../../vision/models/cifar-resnet.ts';
import { globalMagnitude } from '../../../vision/pruning/global-magnitude.ts';
import { fullMasks, prunableEntries } from '../../../vision/pruning/masks.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { tf } from '../../../vision/tensors/index.ts';
import type { Position } from '../../../vision/training/position.ts';
import { completed } from '../../../vision/training/recipe-defaults.ts';
import { recipes } from '../../../vision/training/recipes.ts';
import { readSnapshot, writeSnapshot, type Snapshot } from '../../../vision/training/snapshot.ts';
import type { TrainRequest } from '../../../vision/training/train-request.ts';
import { train } from '../../../vision/training/train.ts';
import { toFloat32, toNumbers } from '../../../vision/weights/raw-tensor.ts';
import { freshState } from '../../../vision/weights/fresh-state.ts';
import { safetensorsBytes } from '../../support/weights-in-memory.ts';
import { useTestBackend } from '../../support/backend.ts';

let scratch: string;
beforeAll(async () => {
  await useTestBackend();
  scratch = await mkdtemp(join(tmpdir(), 'train-'));
});
afterAll(async () => {
  await rm(scratch, { recursive: true });
});

const network = buildCifarResNet({ layers: [1, 1, 1], base: 4 }, 3);
const preprocessing: Preprocessing = {
  crop: 12,
  interpolation: 'bilinear',
  mean: [0.5, 0.5, 0.5],
  std: [0.25, 0.25, 0.25],
};

/** Three classes, each brighter in one colour, with noise. */
const set: ImageSet = {
  name: 'colours',
  classes: ['red', 'green', 'blue'],
  records: Array.from({ length: 50 }, (_, index) => ({ id: `image-${index}`, label: index % 3 })),
  image: (index) => {
    const random = randomFrom(99, index);
    const data = Uint8Array.from(
      { length: 12 * 12 * 3 },
      (_, at) => random.integer(150) + (at % 3 === index % 3 ? 90 : 0),
    );
    return Promise.resolve({ width: 12, height: 12, data });
  },
};

const initial = freshState({ entries: network.entries, initialisation: fanInRule, seed: 1 });

const request = (changes: Partial<TrainRequest> = {}): TrainRequest => ({
  network,
  initial,
  masks: undefined,
  set,
  preprocessing,
  recipe: {
    ...completed(recipes['cifar']!),
    epochs: 4,
    batch: 16,
    learning_rate: 0.05,
    crop: { kind: 'padded', padding: 1 },
  },
  seed: 5,
  onSnapshot: () => Promise.resolve(),
  snapshotEveryMs: Infinity,
  onProgress: () => undefined,
  now: () => 0,
  ...changes,
});

async function trained(changes: Partial<TrainRequest> = {}) {
  const result = await train(request(changes));
  if (result.kind !== 'trained') throw new Error(result.kind);
  return result;
}

describe('train', () => {
  it('learns, and records each epoch', async () => {
    const { history, state } = await trained();
    expect(history).toHaveLength(4);
    expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss);
    expect(history.at(-1)!.accuracy).toBeGreaterThan(0.6);
    expect([...state.keys()]).toEqual(network.entries.map((entry) => entry.name));
    // 50 images in batches of 16: four steps an epoch, the last one of two images.
    expect(toNumbers(state.get('bn1.num_batches_tracked')!)).toEqual([16]);
  });

  it('gives the same bytes twice, and others for another seed', async () => {
    const bytes = async (seed: number) =>
      Buffer.from(safetensorsBytes((await trained({ seed })).state)).toString('base64');
    const first = await bytes(5);
    expect(await bytes(5)).toBe(first);
    expect(await bytes(6)).not.toBe(first);
  });

  // With 13 epochs there are so many steps that they run as graphs.
  it.each([
    [1, 4],
    [6, 4],
    [11, 4],
    [26, 13],
  ])(
    'goes on after an abort at step %d, of %d epochs, as if it had never stopped',
    async (stopAt, epochs) => {
      const recipe = { ...request().recipe, epochs };
      const whole = await trained({ recipe });
      const abort = new AbortController();
      const stop = new Error('stop');
      const dir = await mkdtemp(join(scratch, 'snapshot-'));
      const positions: Position[] = [];
      let steps = 0;
      const stoppable: ImageSet = {
        ...set,
        image: (index) => {
          // The loader reads ahead; the step count only has to fall somewhere within an epoch.
          if ((steps += 1) > stopAt * 16) abort.abort(stop);
          return set.image(index);
        },
      };
      const interrupted = train(
        request({
          recipe,
          set: stoppable,
          signal: abort.signal,
          onSnapshot: async (snapshot) => {
            positions.push(snapshot.position);
            await writeSnapshot(dir, snapshot);
          },
        }),
      );
      await expect(interrupted).rejects.toBe(stop);
      expect(positions.at(-1)!.totalSteps).toBeLessThan(4 * epochs);
      const resumed = await trained({ recipe, resume: (await readSnapshot(dir))! });
      expect(resumed.history).toEqual(whole.history);
      expect(
        Buffer.from(safetensorsBytes(resumed.state)).equals(Buffer.from(safetensorsBytes(whole.state))),
      ).toBe(true);
    },
  );

  /** All that a step may be made of at once; what the network draws too. */
  const everything: Partial<TrainRequest> = {
    network: {
      ...network,
      noise: ([images = 0]) => [{ name: 'drop', shape: [images, 1, 1, 1], keep: 0.8 }],
      forward: (asked) => {
        const noise = asked.training?.noise?.get('drop');
        return network.forward(noise === undefined ? asked : { ...asked, input: asked.input.mul(noise) });
      },
    },
    recipe: {
      ...request().recipe,
      epochs: 2,
      optimizer: { kind: 'adamw' },
      learning_rate: 0.002,
      bias_weight_decay: 0,
      warmup: { kind: 'linear', epochs: 1, factor: 0.1 },
      label_smoothing: 0.1,
      clip_grad_norm: 1,
      batch: 8,
      accumulate: 2,
      micro_batch: 6,
      mixup: 0.2,
      cutmix: 1,
      ema: { decay: 0.9, every: 2 },
      augmentation: { kind: 'trivial-augment-wide' },
      random_erasing: 0.5,
      repeats: 3,
    },
  };

  it.each([
    ['SGD with momentum', { recipe: { ...request().recipe, epochs: 2 } }],
    ['all there is', everything],
    ['the last of its epochs alone', { recipe: { ...request().recipe }, epochs: { from: 2, to: 4 } }],
  ] satisfies [string, Partial<TrainRequest>][])(
    'goes on from a snapshot after any batch, with %s',
    async (_, changes) => {
      const snapshots: Snapshot[] = [];
      const whole = await trained({
        ...changes,
        snapshotEveryMs: 0,
        onSnapshot: (snapshot) => {
          snapshots.push(snapshot);
          return Promise.resolve();
        },
      });
      const bytes = Buffer.from(safetensorsBytes(whole.state));
      const batches = Math.ceil(50 / (changes.recipe?.batch ?? 1));
      expect(snapshots).toHaveLength(2 * batches + 1);
      for (const resume of snapshots) {
        const resumed = await trained({ ...changes, resume });
        expect(resumed.history).toEqual(whole.history);
        expect(
          Buffer.from(safetensorsBytes(resumed.state)).equals(bytes),
          JSON.stringify(resume.position),
        ).toBe(true);
      }
    },
  );

  it('goes on from a snapshot in the same bytes where its programs run as graphs', async () => {
    // As many steps in all as are worth a graph, of which two epochs are trained.
    const changes = {
      ...everything,
      recipe: { ...everything.recipe!, epochs: 10 },
      epochs: { from: 0, to: 2 },
    };
    const snapshots: Snapshot[] = [];
    const whole = await trained({
      ...changes,
      snapshotEveryMs: 0,
      onSnapshot: (snapshot) => {
        snapshots.push(snapshot);
        return Promise.resolve();
      },
    });
    // Within a step, at the end of the first epoch, and before the last batch, which is a short one.
    const taken = [0, 7, snapshots.length - 2].map((index) => snapshots[index]!);
    expect(taken.map(({ position }) => [position.epoch, position.batch])).toEqual([
      [0, 1],
      [1, 0],
      [1, 6],
    ]);
    for (const resume of taken) {
      const resumed = await trained({ ...changes, resume });
      expect(Buffer.from(safetensorsBytes(resumed.state))).toEqual(
        Buffer.from(safetensorsBytes(whole.state)),
      );
    }
  });

  it('gives the moving averages of weights and statistics, once they are over the warm-up', async () => {
    const averaged = await trained(everything);
    const plain = await trained({ ...everything, recipe: { ...everything.recipe!, ema: null } });
    expect(averaged.history).toEqual(plain.history);
    for (const name of ['conv1.weight', 'bn1.running_mean'])
      expect(toFloat32(averaged.state.get(name)!)).not.toEqual(toFloat32(plain.state.get(name)!));
    // 50 images by 8 are seven batches, the last of two images; by pieces of 6 two passes each but for that one.
    expect(toNumbers(plain.state.get('bn1.num_batches_tracked')!)).toEqual([26]);
    const [count] = toNumbers(averaged.state.get('bn1.num_batches_tracked')!);
    expect(count).toBeGreaterThan(13);
    expect(count).toBeLessThan(26);
  });

  it('changes images as the recipe says, and shows each several times where it says so', async () => {
    const bytes = async (changes: Partial<TrainRequest['recipe']>) => {
      const seen = new Set<number>();
      const watched: ImageSet = { ...set, image: (index) => set.image((seen.add(index), index)) };
      const recipe = { ...request().recipe, epochs: 1, ...changes };
      const { state } = await trained({ set: watched, recipe });
      return { bytes: Buffer.from(safetensorsBytes(state)).toString('base64'), seen: seen.size };
    };
    const plain = await bytes({});
    const changed = [
      await bytes({ augmentation: { kind: 'auto-augment' } }),
      await bytes({ augmentation: { kind: 'rand-augment', operations: 1, magnitude: 9 } }),
      await bytes({ random_erasing: 0.5 }),
    ];
    expect(new Set([plain, ...changed].map((each) => each.bytes)).size).toBe(4);
    for (const { seen } of [plain, ...changed]) expect(seen).toBe(50);
    expect((await bytes({ repeats: 2 })).seen).toBe(25);
  });

  it("trains some of its recipe's epochs as all of them would", async () => {
    const recipe = { ...request().recipe, momentum: 0 };
    const whole = await trained({ recipe });
    const first = await trained({ recipe, epochs: { from: 0, to: 3 } });
    const rest = await trained({ recipe, initial: first.state, epochs: { from: 3, to: 4 } });
    expect([...first.history, ...rest.history]).toEqual(whole.history);
    // Without momentum the optimiser keeps nothing that could be lost between the two.
    expect(Buffer.from(safetensorsBytes(rest.state)).equals(Buffer.from(safetensorsBytes(whole.state)))).toBe(
      true,
    );
  });

  it('keeps pruned weights at exactly zero', async () => {
    const weights = new Map(
      prunableEntries(network.entries).map(({ name }) => [name, toFloat32(initial.get(name)!)]),
    );
    const masks = globalMagnitude.prune({
      weights,
      masks: fullMasks(network.entries),
      amount: { kind: 'fraction', fraction: 0.5 },
      seed: 0,
    });
    const { state } = await trained({ masks });
    for (const [name, mask] of masks) {
      const values = toFloat32(state.get(name)!);
      values.forEach((value, index) => {
        if (mask[index] === 0) expect(Object.is(value, 0)).toBe(true);
      });
      expect(values.some((value, index) => mask[index] === 1 && value !== 0)).toBe(true);
    }
  });

  it('snapshots at each epoch but the last, and every so often', async () => {
    const positions: Position[] = [];
    const onSnapshot: TrainRequest['onSnapshot'] = ({ position }) => {
      positions.push(position);
      return Promise.resolve();
    };
    await trained({ onSnapshot });
    expect(positions.map(({ epoch, batch }) => [epoch, batch])).toEqual([
      [1, 0],
      [2, 0],
      [3, 0],
    ]);
    let clock = 0;
    positions.length = 0;
    positions.length = 0;
    await trained({ onSnapshot, epochs: { from: 1, to: 3 } });
    expect(positions.map(({ epoch }) => epoch)).toEqual([2]);
    await trained({ onSnapshot, snapshotEveryMs: 10, now: () => (clock += 4) });
    expect(positions.length).toBeGreaterThan(3);
  });

  it('says when the loss is no longer a number', async () => {
    const result = await train(request({ recipe: { ...request().recipe, learning_rate: 1e20 } }));
    expect(result).toMatchObject({ kind: 'diverged', learningRate: 1e20 });
  });

  it('reports the pace and the loss, and leaks nothing', async () => {
    let clock = 0;
    const reports: number[] = [];
    const before = tf.memory().numTensors;
    await trained({
      now: () => (clock += 600),
      epochs: { from: 1, to: 4 },
      onProgress: ({ imagesDone, imagesTotal, loss }) => {
        expect(imagesTotal).toBe(150);
        reports.push(imagesDone + 0 * loss);
      },
    });
    expect(reports.at(-1)).toBe(150);
    expect(tf.memory().numTensors).toBe(before);
    expect(reports.length).toBeGreaterThan(4);
    expect(reports).toEqual(reports.toSorted((a, b) => a - b));
  });
});
