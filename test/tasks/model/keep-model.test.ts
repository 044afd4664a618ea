import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { evaluate } from '../../../tasks/evaluate/index.ts';
import { keepModel, letModelGo } from '../../../tasks/model/keep-model.ts';
import { categories } from '../../../vision/ood/categories.ts';
import { randomFrom } from '../../../vision/random/random.ts';
import { tf } from '../../../vision/tensors/index.ts';
import { useTestBackend } from '../../support/backend.ts';
import { runKind, shapesData } from '../support/run-kind.ts';
import { freshModel } from '../support/stored-models.ts';

const shape = [2, 32, 32, 3];
/** Enough for a graph, where the backend has any. */
const many = { shape, runs: 100 };

describe('a model that is kept', { timeout: 300_000 }, () => {
  let [one, other]: InputArtifact[] = [];

  beforeAll(async () => {
    await useTestBackend();
    [one, other] = await Promise.all([1, 2].map((seed) => freshModel('resnet20', categories, seed)));
  });

  afterEach(letModelGo);

  /** What a task does with a model, and the tensors that it finds in memory. */
  async function use(input: InputArtifact, request = many): Promise<readonly number[]> {
    using model = await keepModel(input);
    const forward = model.forward(request);
    const logits = tf.tidy(() => forward.run(tf.ones([...request.shape])));
    const values = await logits.data();
    logits.dispose();
    return [...values];
  }

  it('serves the next task as one that is loaded anew', async () => {
    const first = await use(one!);
    const tensors = tf.memory().numTensors;
    {
      using again = await keepModel({ ...one!, dir: '/nowhere' });
      expect(again.stored.classes).toEqual(categories);
    }
    expect(await use(one!)).toEqual(first);
    expect(tf.memory().numTensors).toBe(tensors);
    letModelGo();
    expect(await use(one!)).toEqual(first);
    // Another form of batches, and back.
    for (const runs of [100, 1])
      expect(await use(one!, { shape: [4, 32, 32, 3], runs })).toHaveLength(2 * first.length);
    expect(await use(one!)).toEqual(first);
  });

  it('is known by its content and by how it is built', async () => {
    const first = await use(one!);
    expect(await use(other!)).not.toEqual(first);
    expect(await use(one!)).toEqual(first);
    using dense = await keepModel(one!);
    await expect(keepModel({ ...one!, dir: '/nowhere' }, { dilation: 2 })).rejects.toThrow('/nowhere');
    dense[Symbol.dispose]();
  });

  it('is one, and leaves nothing when it goes, be it in use or not', async () => {
    const before = tf.memory().numTensors;
    for (const input of [one!, other!, one!]) await use(input);
    const withOne = tf.memory().numTensors;
    await use(other!);
    expect(tf.memory().numTensors).toBe(withOne);
    letModelGo();
    expect(tf.memory().numTensors).toBe(before);
    {
      using model = await keepModel(one!);
      letModelGo();
      // Still usable: it goes when its task is done.
      const logits = tf.tidy(() => model.forward(many).run(tf.ones(shape)));
      expect(await logits.data()).toHaveLength(2 * categories.length);
      logits.dispose();
    }
    expect(tf.memory().numTensors).toBe(before);
  });

  it('gives scores of the same bytes, in whatever order a worker evaluates', async () => {
    const tasks = [one!, other!].flatMap((model) =>
      ['edge', 'colour'].flatMap((set) => [
        { model, set, batch: 1, images: 16 },
        { model, set, batch: 5, images: 7 },
      ]),
    );
    const data = shapesData({ split: 'ood', count: 16 });
    const run = async ({ model, set, ...options }: (typeof tasks)[number]): Promise<string> => {
      const { outputs } = await runKind({
        kind: evaluate,
        options: { set, ...options },
        artifacts: { model },
        data: { data: { ...data, part: set } },
      });
      return readFile(join(outputs['scores']!.dir, 'scores.json'), 'utf8');
    };
    const apart: string[] = [];
    for (const task of tasks) {
      apart.push(await run(task));
      letModelGo();
    }
    expect(new Set(apart).size).toBe(tasks.length);
    for (const index of randomFrom(1).permutation(tasks.length))
      expect(await run(tasks[index]!)).toBe(apart[index]);
  });
});
