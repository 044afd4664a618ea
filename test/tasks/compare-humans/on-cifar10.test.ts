import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { compareHumans } from '../../../tasks/compare-humans/index.ts';
import { evaluate } from '../../../tasks/evaluate/index.ts';
import { readScoresFile } from '../../../tasks/readings/scores-file.ts';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { mean, present } from '../../../vision/statistics/mean-and-spread.ts';
import { useTestBackend } from '../../support/backend.ts';
import { sharedDir } from '../../support/shared.ts';
import { listedData } from '../support/listed-data.ts';
import { runKind } from '../support/run-kind.ts';
import { importedModel } from '../support/stored-models.ts';

const classes = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
const shared = sharedDir();

/** What PyTorch, Pillow and model-vs-human's formulas give for the same files: right answers of 70, kappa, and the rest. */
const expected = {
  resnet20: {
    edge: { right: 30, kappa: -0.028, observed: 0.433, difference: 0.202 },
    silhouette: { right: 28, kappa: 0.226, observed: 0.576, difference: 0.118 },
    'cue-conflict': { right: 37, kappa: 0.108, observed: 0.567, difference: 0.061 },
  },
  resnet56: {
    edge: { right: 43, kappa: 0.029, observed: 0.596, difference: 0.076 },
    silhouette: { right: 27, kappa: 0.246, observed: 0.581, difference: 0.127 },
    'cue-conflict': { right: 40, kappa: 0.128, observed: 0.596, difference: 0.043 },
  },
} as const;
const shapeBiases = { resnet20: 0.579, resnet56: 0.65 } as const;
const weights = { resnet20: 'resnet20-12fca82f.th', resnet56: 'resnet56-4bfd9763.th' } as const;
const sets = ['edge', 'silhouette', 'cue-conflict'] as const;

describe.runIf(shared !== undefined).each(['resnet20', 'resnet56'] as const)(
  'the published CIFAR-10 %s beside people',
  { timeout: 300_000 },
  (name) => {
    let model: InputArtifact;
    beforeAll(async () => {
      await useTestBackend();
      model = await importedModel(name, classes, join(shared!, 'data/weights', weights[name]));
    });

    it.each(sets)('on %s is as right, and errs as alike, as the reference', async (set) => {
      const decided = await runKind({
        kind: evaluate,
        options: { set },
        artifacts: { model },
        data: { data: await listedData('geirhos', join(shared!, 'data/geirhos'), { part: set }) },
      });
      const decisions = decided.outputs['scores']!;
      const { about, metrics, notes } = await readScoresFile(decisions.dir);
      expect(about).toMatchObject({ class_map: 'cifar10', set });
      expect(notes!['accuracy']).toEqual({ measured: 70, 'not-asked': 90 });
      const { right, kappa, observed, difference } = expected[name][set];
      expect(present(metrics['accuracy']!.values).filter((value) => value === 1)).toHaveLength(right);
      // Seven categories: a guess is right on one image in seven.
      expect(metrics['accuracy']!.mean).toBeGreaterThan(2 / 7);

      const compared = await runKind({
        kind: compareHumans,
        options: { set },
        artifacts: { decisions },
        data: { humans: await listedData('human-decisions', join(shared!, 'data/human'), { part: set }) },
      });
      const { dir } = compared.outputs['scores']!;
      const scores = await readScoresFile(dir);
      expect(scores.notes!['images']).toEqual({ compared: 70, 'not-asked': 90 });
      const found = scores.metrics;
      expect(found['error_consistency']!.mean).toBeCloseTo(kappa, 3);
      expect(found['observed_consistency']!.mean).toBeCloseTo(observed, 3);
      expect(found['accuracy_difference']!.mean).toBeCloseTo(difference, 3);
      for (const metric of Object.values(found))
        expect(mean(present(metric.values))).toBeCloseTo(metric.mean!, 12);
      if (set !== 'cue-conflict') return;
      expect(metrics['shape_bias']!.mean).toBeCloseTo(shapeBiases[name], 3);
      expect(notes!['conflicts']).toBe(27);
      const comparison = JSON.parse(await readFile(join(dir, 'comparison.json'), 'utf8')) as {
        readonly [observer: string]: { readonly shape_bias: number };
      };
      expect(comparison['model']!.shape_bias).toBeCloseTo(shapeBiases[name], 3);
      expect(comparison['humans']!.shape_bias).toBeCloseTo(0.93, 3);
    });
  },
);
