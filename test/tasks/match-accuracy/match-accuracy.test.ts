import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import type { Coordinates } from '../../../engine/contract/scalar.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { matchAccuracy } from '../../../tasks/match-accuracy/index.ts';
import { readScoresFile } from '../../../tasks/readings/scores-file.ts';
import type { ScoresFile } from '../../../tasks/readings/scores-file.ts';
import { artifactAt, runKind } from '../support/run-kind.ts';

async function scores(
  measure: string,
  metric: string,
  value: number | null,
  coordinates: Coordinates = {},
): Promise<InputArtifact> {
  const dir = await mkdtemp(join(tmpdir(), 'sweetspot-match-'));
  const values = [value, value];
  const file = {
    format: 1,
    measure,
    about: { model: 'resnet20', sparsity: 0 },
    items: ['a', 'b'],
    metrics: { [metric]: { unit: 'fraction', higherIsBetter: true, mean: value, values } },
  };
  await writeFile(join(dir, 'scores.json'), JSON.stringify(file));
  return { ...artifactAt(dir, { model: 'resnet20', sparsity: 0.5, method: 'grad-cam' }), coordinates };
}

const rma = (value: number | null, at: Coordinates = {}) => scores('localisation', 'rma', value, at);
const accuracy = (value: number | null, at: Coordinates = {}) => scores('accuracy', 'accuracy', value, at);

/** Dense models after 1, 2, … epochs: accuracies, and the RMA ten times as fine. */
async function run(
  own: number,
  dense: readonly number[],
  options: JsonObject = {},
): Promise<{ file: ScoresFile; facts: InputArtifact['facts']; warnings: readonly string[] }> {
  const places = dense.map((_, i) => ({ epochs: i + 1 }));
  const { outputs, warnings } = await runKind({
    kind: matchAccuracy,
    options,
    artifacts: { scores: await rma(0.9) },
    gathered: {
      accuracy: [await accuracy(own)],
      dense_accuracy: await Promise.all(dense.map((value, i) => accuracy(value, places[i]))),
      dense_scores: await Promise.all(dense.map((value, i) => rma(value / 10, places[i]))),
    },
  });
  const output = outputs['scores']!;
  return { file: await readScoresFile(output.dir), facts: output.facts, warnings };
}

describe('match-accuracy', () => {
  it('hands on the scores of the nearest dense model as those of a control', async () => {
    const { file, facts } = await run(0.79, [0.5, 0.7, 0.8, 0.9]);
    expect(file.metrics['rma']!.values).toEqual([0.08, 0.08]);
    expect(file.measure).toBe('localisation');
    expect(file.about).toMatchObject({ accuracy: 0.79, matched_accuracy: 0.8, matched: 'epochs=3' });
    expect(facts).toEqual({
      model: 'resnet20',
      sparsity: 0.5,
      method: 'grad-cam',
      control: 'equal-accuracy',
    });
  });

  it('passes over the scores of other methods', async () => {
    const other = { ...(await rma(0.3, { method: 'saliency' })), facts: { method: 'saliency' } };
    const { outputs } = await runKind({
      kind: matchAccuracy,
      artifacts: { scores: await rma(0.9) },
      gathered: {
        accuracy: [await accuracy(0.5)],
        dense_accuracy: [await accuracy(0.5, { epochs: 1 })],
        dense_scores: [other, await rma(0.1, { epochs: 1, method: 'grad-cam' })],
      },
    });
    expect((await readScoresFile(outputs['scores']!.dir)).metrics['rma']!.mean).toBe(0.1);
  });

  it('takes the first of two that are as near', async () => {
    expect((await run(0.5, [0.75, 0.25], { tolerance: 1 })).file.about['matched']).toBe('epochs=1');
  });

  it('compares with nothing where no dense model is near enough, and says so', async () => {
    const far = await run(0.6, [0.5, 0.7]);
    expect(far.file.metrics['rma']).toMatchObject({ mean: null, values: [null, null] });
    expect(far.file.notes).toEqual({ rma: { 'no-equal-dense': 2 } });
    expect(far.warnings.join()).toContain('within 0.02');
    expect((await run(0.6, [0.5, 0.71], { tolerance: 0.1 })).file.metrics['rma']!.mean).toBe(0.05);
  });

  it.each([
    ['two accuracies', { accuracy: [accuracy(0.5), accuracy(0.6)] }, '2 were given'],
    ['lists of different lengths', { dense_scores: [] }, '1 models and dense_scores 0'],
    ['models in different orders', { dense_scores: [rma(0.1, { epochs: 2 })] }, 'epochs=1 beside epochs=2'],
    ['scores of another measure', { dense_scores: [scores('corloc', 'corloc', 1, { epochs: 1 })] }, 'corloc'],
    ['an accuracy without a value', { dense_accuracy: [accuracy(null, { epochs: 1 })] }, 'has no accuracy'],
    ['no dense model', { dense_accuracy: [], dense_scores: [] }, 'no dense model'],
  ])('refuses %s', async (_, given, message) => {
    const usual: { readonly [input: string]: readonly Promise<InputArtifact>[] } = {
      accuracy: [accuracy(0.5)],
      dense_accuracy: [accuracy(0.5, { epochs: 1 })],
      dense_scores: [rma(0.1, { epochs: 1 })],
    };
    const gathered: { [input: string]: readonly InputArtifact[] } = {};
    for (const [name, list] of Object.entries({ ...usual, ...given }))
      gathered[name] = await Promise.all(list as readonly Promise<InputArtifact>[]);
    const running = runKind({ kind: matchAccuracy, artifacts: { scores: await rma(0.9) }, gathered });
    await expect(running).rejects.toThrow(message);
  });
});
