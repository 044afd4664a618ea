import type { DiffLine } from './line-diff.ts';

/** What is known of one of the two runs. */
export interface ComparedSide {
  readonly study: string;
  readonly run: string;
  /** As a run ends or stands: `done`, `failed`, `running`, … */
  readonly state: string;
  /** Tasks without a result, by their names; empty once all are done. */
  readonly unfinished: readonly NamedCount[];
  /** What results were made on: `cpu-t1, tensorflow 2.21`. */
  readonly madeOn: readonly string[];
}

export interface NamedCount {
  readonly name: string;
  readonly count: number;
}

/** What is not the same in two studies, apart from their scores. */
export interface StudyChanges {
  readonly texts: readonly ChangedText[];
  /** Parameters as the runs used them. */
  readonly params: readonly ChangedValue[];
  readonly causes: readonly Cause[];
  readonly removed: readonly NamedCount[];
  readonly added: readonly NamedCount[];
  readonly results: ResultCounts;
}

export interface ChangedText {
  readonly file: string;
  readonly lines: readonly DiffLine[];
}

export interface ChangedValue {
  readonly name: string;
  /** As people write it; undefined where one of the studies has none. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Something that changed in tasks themselves, not by what they read. */
export interface Cause extends ChangedValue {
  readonly task: string;
  readonly what: 'option' | 'data' | 'version' | 'other';
  /** Whether scores come after the task: what makes tables and pages moves none. */
  readonly movesScores: boolean;
  /** How many instances of the task. */
  readonly count: number;
}

/** Tasks that both runs have, by what became of their results. */
export interface ResultCounts {
  /** The same bytes. */
  readonly same: number;
  readonly other: number;
  /** Of `other`: with the same key. */
  readonly remade: number;
  /** One of the runs has no result. */
  readonly open: number;
}

/** How many things changed that may move scores. What only one of the runs has moves no score of the other. */
export function causesCount({ causes }: StudyChanges): number {
  const moving = causes.filter(({ movesScores }) => movesScores);
  return new Set(moving.map(({ task, name }) => JSON.stringify([task, name]))).size;
}
