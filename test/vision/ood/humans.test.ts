import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceJson } from '../../support/reference-case.ts';
import { sharedDir } from '../../support/shared.ts';
import { imageIdOf, normaliseCondition } from '../../../vision/ood/file-names.ts';
import { humanBaseline } from '../../../vision/ood/human-baseline.ts';
import { summariseHumans } from '../../../vision/ood/human-summary.ts';
import { readHumanTrials, type HumanTrial } from '../../../vision/ood/human-trials.ts';
import { oodSetNamed, oodSets, type OodSet } from '../../../vision/ood/sets.ts';

interface Spread {
  readonly mean_accuracy: number;
  readonly std_population: number;
  readonly trials_total: number;
  readonly subjects: number;
}
interface SetSummary {
  readonly subjects: { readonly [subject: string]: { n: number; accuracy: number; na: number } };
  readonly mean_accuracy_over_subjects: number;
  readonly std_population: number;
  readonly per_condition: { readonly [condition: string]: Spread };
  readonly trials_per_category: { readonly [category: string]: number };
  readonly shape_bias_per_subject?: { readonly [subject: string]: { readonly [name: string]: number } };
}
interface SetConsistency {
  readonly mean_kappa: number;
  readonly per_condition: {
    readonly [condition: string]: { mean_kappa: number; mean_observed_consistency: number };
  };
}
interface Excerpt {
  readonly header: readonly string[];
  readonly first_rows: readonly (readonly string[])[];
  readonly first_rows_accuracy: number;
  readonly full_accuracy: number;
  readonly per_condition: { readonly [condition: string]: number };
}

const summaries = referenceJson('ood/human_summary.json') as { readonly [set: string]: SetSummary };
const consistencies = referenceJson('ood/human_error_consistency.json') as {
  readonly datasets: { readonly [set: string]: SetConsistency };
  readonly image_id_examples: readonly (readonly [string, string])[];
};
const excerpt = referenceJson('ood/human_excerpt_contrast.json') as Excerpt;
const contrast = oodSetNamed('contrast')!;
const shared = sharedDir();

describe('an excerpt of the human decisions', () => {
  it('has the reference accuracy', () => {
    const text = [excerpt.header, ...excerpt.first_rows].map((row) => row.join(',')).join('\n');
    const read = readHumanTrials(text, contrast);
    if (read.kind !== 'trials') throw new Error(read.message);
    expect(read.trials).toHaveLength(excerpt.first_rows.length);
    expect(summariseHumans(read.trials)!.accuracy).toBeCloseTo(excerpt.first_rows_accuracy, 12);
  });

  it('has images that are called the same whoever saw them', () => {
    for (const [fileName, id] of consistencies.image_id_examples) expect(imageIdOf(fileName)).toBe(id);
  });

  it('is nothing to summarise where it is empty', () => {
    expect(summariseHumans([])).toBeUndefined();
    expect(humanBaseline([])).toMatchObject({ errorConsistency: null, conditions: [] });
  });
});

describe.runIf(shared !== undefined)('the published human decisions', () => {
  it.each(oodSets)('on $name have the reference accuracies and consistencies', (set) => {
    const trials = trialsOf(set);
    const reference = summaries[set.name]!;
    const cueConflict = set.name === 'cue-conflict';
    const found = summariseHumans(trials, { cueConflict })!;

    expect(found.accuracy).toBeCloseTo(reference.mean_accuracy_over_subjects, 12);
    expect(Math.abs(found.accuracy - set.humanAccuracy)).toBeLessThan(1e-4);
    expect(found.accuracySpread).toBeCloseTo(reference.std_population, 12);
    expect(found.subjects.map(({ subject }) => subject)).toEqual(Object.keys(reference.subjects));
    for (const { subject, trials: n, accuracy, noAnswer, shapeBias } of found.subjects) {
      const expected = reference.subjects[subject]!;
      expect([n, accuracy, noAnswer]).toEqual([expected.n, expected.accuracy, expected.na]);
      const bias = reference.shape_bias_per_subject?.[subject];
      expect(shapeBias?.bias).toEqual(bias && expect.closeTo(bias['shape-bias']!, 12));
      expect(shapeBias?.shapeShare).toEqual(bias && expect.closeTo(bias['fraction-correct-shape']!, 12));
      expect(shapeBias?.textureShare).toEqual(bias && expect.closeTo(bias['fraction-correct-texture']!, 12));
    }
    expect(found.conditions).toHaveLength(Object.keys(reference.per_condition).length);
    for (const [name, expected] of Object.entries(reference.per_condition)) {
      expect(found.conditions.find(({ condition }) => condition === conditionOf(set, name))).toMatchObject({
        trials: expected.trials_total,
        subjects: expected.subjects,
        accuracy: expect.closeTo(expected.mean_accuracy, 12) as number,
        accuracySpread: expect.closeTo(expected.std_population, 12) as number,
      });
    }
    const images = new Map(
      trials.map(({ condition, imageId, category }) => [`${condition}/${imageId}`, category]),
    );
    const perCategory: { [category: string]: number } = {};
    for (const category of images.values()) perCategory[category] = (perCategory[category] ?? 0) + 1;
    expect(perCategory).toEqual(reference.trials_per_category);

    const baseline = humanBaseline(trials);
    const expected = consistencies.datasets[set.name]!;
    expect(baseline.errorConsistency).toBeCloseTo(expected.mean_kappa, 12);
    expect(baseline.conditions).toHaveLength(Object.keys(expected.per_condition).length);
    for (const [name, values] of Object.entries(expected.per_condition)) {
      const condition = baseline.conditions.find((each) => each.condition === conditionOf(set, name))!;
      expect(condition.errorConsistency).toBeCloseTo(values.mean_kappa, 12);
      expect(condition.observedConsistency).toBeCloseTo(values.mean_observed_consistency, 12);
    }
  });

  it('of the excerpt are right as often in each condition as the reference says', () => {
    const own = trialsOf(contrast).filter(({ subject }) => subject === 'subject-01');
    const { accuracy, conditions } = summariseHumans(own)!;
    expect(accuracy).toBeCloseTo(excerpt.full_accuracy, 12);
    expect(Object.fromEntries(conditions.map((each) => [each.condition, each.accuracy]))).toEqual(
      excerpt.per_condition,
    );
  });
});

function trialsOf(set: OodSet): readonly HumanTrial[] {
  const dir = join(shared!, 'data/human', set.name);
  return readdirSync(dir)
    .sort()
    .flatMap((name) => {
      const read = readHumanTrials(readFileSync(join(dir, name), 'utf8'), set);
      if (read.kind !== 'trials') throw new Error(`${name}:${read.line}: ${read.message}`);
      return read.trials;
    });
}

function conditionOf(set: OodSet, name: string): string | undefined {
  return set.conditions.length === 0 ? undefined : normaliseCondition(name);
}
