import { describe, expect, it } from 'vitest';
import { referenceJson } from '../../support/reference-case.ts';
import {
  normaliseCondition,
  readFileName,
  readFolderName,
  textureOf,
} from '../../../vision/ood/file-names.ts';
import { oodSetNamed, oodSets } from '../../../vision/ood/sets.ts';

interface DatasetCase {
  readonly default_dataset_order: readonly string[];
  readonly datasets: readonly {
    readonly dataset: string;
    readonly conditions_in_experiment: readonly string[];
    readonly n_unique_images: number;
    readonly human_csv_conditions: readonly string[];
  }[];
}
interface NameCase {
  readonly with_sessions: readonly { readonly path: string; readonly result: readonly string[] }[];
  readonly no_sessions: readonly { readonly path: string; readonly result: readonly string[] }[];
  readonly texture_category: readonly (readonly [string, string])[];
}

describe('the 17 sets', () => {
  const reference = referenceJson('ood/datasets.json') as DatasetCase;

  it('have the reference names, sizes and conditions, in its order', () => {
    expect(oodSets.map((set) => set.name)).toEqual(reference.default_dataset_order);
    for (const { dataset, n_unique_images, conditions_in_experiment } of reference.datasets) {
      const set = oodSetNamed(dataset)!;
      expect(set.images).toBe(n_unique_images);
      expect(set.conditions).toEqual(conditions_in_experiment.map(normaliseCondition));
    }
  });

  it('meet the differently written conditions of the human data', () => {
    for (const { dataset, human_csv_conditions } of reference.datasets) {
      const { conditions } = oodSetNamed(dataset)!;
      if (conditions.length === 0) continue;
      expect([...human_csv_conditions.map(normaliseCondition)].sort()).toEqual([...conditions].sort());
    }
  });
});

describe('names of stimuli', () => {
  const names = referenceJson('ood/file_names.json') as NameCase;

  it('give session, condition and category', () => {
    for (const { path, result } of names.with_sessions) {
      const [session, fileName, condition, category] = result;
      expect(readFileName(path)).toEqual({ session, fileName, condition, category });
    }
    expect(readFileName('a/b/too_short.png')).toBeUndefined();
  });

  it('take the category from the folder where there are no sessions', () => {
    for (const { path, result } of names.no_sessions) {
      const [session, fileName, , category] = result;
      expect(readFolderName(path)).toEqual({ session, fileName, category });
    }
    expect(readFolderName('loose.png')).toBeUndefined();
  });

  it('name the texture second', () => {
    for (const [fileName, texture] of names.texture_category) expect(textureOf(fileName)).toBe(texture);
    expect(textureOf('cat7.png')).toBeUndefined();
  });

  it('write conditions alike', () => {
    expect(['0.10', '.1', '3.0', 'True', 'inf', 'c05', '16-10-10', '0'].map(normaliseCondition)).toEqual([
      '0.1',
      '0.1',
      '3',
      'true',
      'inf',
      'c05',
      '16-10-10',
      '0',
    ]);
  });
});
