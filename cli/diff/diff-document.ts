import type { RunComparison } from '../../engine/run/compare-runs.ts';
import type { ResultCounts } from '../../tasks/report/compare/study-changes.ts';
import { jsonFormat } from '../json-format.ts';
import type { DiffDocument, DiffedRun } from '../json-output.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { runState } from '../run-state.ts';
import type { ScoreComparison } from './compare-scores.ts';
import { isOpen } from './study-changes.ts';

/** Two runs, compared. */
export interface Compared {
  readonly before: RecordedRun;
  readonly after: RecordedRun;
  readonly runs: RunComparison;
  readonly scores: ScoreComparison;
  readonly results: ResultCounts;
}

export function diffDocument({ before, after, runs, scores, results }: Compared): DiffDocument {
  const changes = scores.changes.map((change) => ({
    ...change,
    before: change.before ?? null,
    after: change.after ?? null,
  }));
  return {
    ...{ format: jsonFormat, kind: 'diff' as const, before: diffed(before), after: diffed(after) },
    ...{ study: runs, results, scores: { ...scores, changes } },
  };
}

function diffed({ record, tasks }: RecordedRun): DiffedRun {
  return {
    ...{ run: record.run, study: record.study, state: runState(record) },
    unfinished: [...tasks.values()].filter(isOpen).length,
  };
}
