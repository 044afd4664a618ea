import type { StudyRecord, TaskRecord } from '../../../engine/contract/study-record.ts';
import type { Json } from '../../../cache/json.ts';
import type { Measured } from '../dress/measured.ts';
import { controlOf } from '../../readings/control.ts';

/** What of a study is done: nothing else is told. */
export interface Evidence {
  readonly record: StudyRecord;
  /** With a result. */
  readonly done: readonly TaskRecord[];
  /** Those of a kind, but for what was made as a control only. */
  readonly of: (kind: string) => readonly TaskRecord[];
  readonly controls: readonly TaskRecord[];
  /** How many images a task scored; undefined where nobody has counted them. */
  readonly scored: (task: TaskRecord) => number | undefined;
}

export function evidenceOf(record: StudyRecord, measured: Measured): Evidence {
  const done = record.tasks.filter(({ result }) => result !== undefined);
  return {
    record,
    done,
    of: (kind) => done.filter((task) => task.kind === kind && controlOf(task.facts) === undefined),
    controls: done.filter(({ facts }) => controlOf(facts) !== undefined),
    scored: ({ result }) => {
      const digest = result?.outputs['scores'];
      return digest === undefined ? undefined : measured.get(digest);
    },
  };
}

/** Undefined where the task, or its record, does not say. */
export function option(task: TaskRecord, name: string): Json | undefined {
  return task.options?.[name];
}

export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** As a study writes it; empty where nothing is said. */
export function written(value: Json | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Values that tasks give an option, each once, as they come. */
export function optionValues(tasks: readonly TaskRecord[], name: string): readonly Json[] {
  return distinct(tasks.map((task) => option(task, name)).filter((value) => value !== undefined));
}

export function factTexts(tasks: readonly TaskRecord[], name: string): readonly string[] {
  return distinct(tasks.flatMap(({ facts }) => (facts[name] === undefined ? [] : [String(facts[name])])));
}

/** Equal by content. */
export function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** In the order in which the keys come. */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => unknown): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = JSON.stringify([keyOf(item)]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}
