import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScoresFile } from '../../tasks/readings/scores-file.ts';
import { sweetspot, temporaryFolder } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

const page = await readFile(join(repositoryRoot, 'docs/training.md'), 'utf8');

/** A study of the page, made small. */
function studyOfPage(name: string): string {
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text]) => text!);
  const study = blocks.find((text) => text.startsWith(`study: ${name}\n`));
  if (study === undefined) throw new Error(`docs/training.md has no study ${name}`);
  return study
    .replace('split: train', 'split: train, count: 32, size: 16')
    .replace('times: 5', 'times: 2')
    .replace('epochs: 8', 'epochs: 4, batch: 16')
    .replace('every: 3', 'every: 2');
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Runs a study of the page and copies the models and scores that it made into its folder. */
async function ran(name: string): Promise<void> {
  const cwd = folder.path;
  await writeFile(join(cwd, `${name}.yaml`), studyOfPage(name));
  for (const args of [
    ['run', `${name}.yaml`, '--json'],
    ['export', 'rounds', name],
    ['export', 'dense', join(name, 'dense')],
  ]) {
    const { code, stderr } = await sweetspot(args, { cwd });
    expect(code, stderr).toBe(0);
  }
}

/** What a training says of itself: its epochs' names and rates, and how many its weights have seen. */
async function trainedAt(dir: string) {
  const json = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(join(folder.path, dir, file), 'utf8'));
  const { items, metrics, about } = (await json('scores/scores.json')) as ScoresFile;
  const { trained } = (await json('model/model.json')) as { trained: { epochs: number } };
  const rates = metrics['learning_rate']!.values.map((rate) => Number(rate!.toFixed(6)));
  return { items, rates, epochs: trained.epochs, sparsity: Number(Number(about['sparsity']).toFixed(2)) };
}

/** A cosine from 0.1 over four epochs. */
const lastTwo = [0.05, 0.014645];

describe('the studies of docs/training.md', { timeout: 300_000 }, () => {
  it('rewind weights', async () => {
    await ran('weight_rewinding');
    const later = { items: ['epoch 3', 'epoch 4'], rates: lastTwo, epochs: 4 };
    expect(await trainedAt('weight_rewinding/dense')).toEqual({ ...later, sparsity: 0 });
    expect(await trainedAt('weight_rewinding/rounds.retrain@step=1')).toEqual({ ...later, sparsity: 0.2 });
    expect(await trainedAt('weight_rewinding/rounds.retrain@step=2')).toEqual({ ...later, sparsity: 0.36 });
  });

  it('tune finely', async () => {
    await ran('fine_tuning');
    const whole = ['epoch 1', 'epoch 2', 'epoch 3', 'epoch 4'];
    expect(await trainedAt('fine_tuning/dense')).toEqual({
      items: whole,
      rates: [0.1, 0.1, 0.01, 0.01],
      epochs: 4,
      sparsity: 0,
    });
    for (const [round, sparsity] of [
      [1, 0.2],
      [2, 0.36],
    ] as const)
      expect(await trainedAt(`fine_tuning/rounds.tuned@step=${round}`)).toEqual({
        items: whole.slice(0, 2),
        rates: [0.01, 0.01],
        epochs: 4 + 2 * round,
        sparsity,
      });
  });
});
