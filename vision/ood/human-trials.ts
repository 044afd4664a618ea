import { categories, isCategory, type Category } from './categories.ts';
import { readCsvRows } from '../data/csv-rows.ts';
import { imageIdOf, normaliseCondition } from './file-names.ts';
import type { OodSet } from './sets.ts';

/** What one person answered on one image. */
export interface HumanTrial {
  readonly subject: string;
  /** `na` where no answer came in time: it counts as wrong, as model-vs-human counts it. */
  readonly response: Category | 'na';
  readonly category: Category;
  /** As the set's conditions are written; undefined where it has none. */
  readonly condition: string | undefined;
  /** What the image is called without the trial's number, session and condition. */
  readonly imageId: string;
  readonly fileName: string;
}

export type HumanTrials =
  | { readonly kind: 'trials'; readonly trials: readonly HumanTrial[] }
  /** `line` counts from 1. */
  | { readonly kind: 'invalid'; readonly line: number; readonly message: string };

const columns = ['subj', 'object_response', 'category', 'condition', 'imagename'] as const;
type Column = (typeof columns)[number];

/**
 * The trials of one file of the published human decisions (Geirhos et al. 2021): a CSV with a header, whose names differ
 * in case between the sets, and a row a trial. Other columns are passed over. A row that cannot be understood is an
 * error and never left out: accuracies would change without a word.
 */
export function readHumanTrials(text: string, set: OodSet): HumanTrials {
  const read = readCsvRows(text);
  if (read.kind === 'invalid') return read;
  const [header, ...rows] = read.rows;
  if (header === undefined) return { kind: 'invalid', line: 1, message: 'it is empty' };
  const names = header.cells.map((name) => name.toLowerCase());
  const missing = columns.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const found = header.cells.join(', ');
    return {
      kind: 'invalid',
      line: header.line,
      message: `no column ${missing.join(', ')}; it has ${found}`,
    };
  }
  const trials: HumanTrial[] = [];
  const seen = new Map<string, number>();
  for (const { cells, line } of rows) {
    if (cells.length !== names.length)
      return { kind: 'invalid', line, message: `${cells.length} cells under ${names.length} columns` };
    const trial = trialOf((name) => cells[names.indexOf(name)]!, set);
    if (typeof trial === 'string') return { kind: 'invalid', line, message: trial };
    const key = JSON.stringify([trial.subject, trialKey(trial)]);
    const first = seen.get(key);
    if (first !== undefined)
      return { kind: 'invalid', line, message: `${trial.fileName} was shown before, in line ${first}` };
    seen.set(key, line);
    trials.push(trial);
  }
  return { kind: 'trials', trials };
}

/** Which image in which condition: trials of one key are the same trial of different observers. */
export function trialKey(trial: {
  readonly condition: string | undefined;
  readonly imageId: string;
}): string {
  return `${trial.condition ?? ''}/${trial.imageId}`;
}

function trialOf(cell: (name: Column) => string, set: OodSet): HumanTrial | string {
  const [subject, response, category] = [
    cell('subj'),
    cell('object_response').toLowerCase(),
    cell('category'),
  ];
  const [written, fileName] = [cell('condition'), cell('imagename')];
  if (subject === '') return 'no subject';
  if (fileName === '') return 'no name of an image';
  if (!isCategory(category)) return `unknown category '${category}' (known: ${categories.join(', ')})`;
  if (response !== 'na' && !isCategory(response)) return `unknown response '${response}' (a category, or na)`;
  const condition = set.conditions.length === 0 ? undefined : normaliseCondition(written);
  if (condition !== undefined && !set.conditions.includes(condition))
    return `unknown condition '${written}' (${set.name} has ${set.conditions.join(', ')})`;
  return { subject, response, category, condition, imageId: imageIdOf(fileName), fileName };
}
