import { mean } from '../../../vision/statistics/mean-and-spread.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Series } from '../../readings/series.ts';
import { distinct } from '../study/lookup.ts';
import { emptyRow } from './score-rows.ts';
import type { ScoreRow } from './score-rows.ts';

/** Scores by condition: a row for all runs together (`seed` null) and one for each, in the order in which conditions occur. */
export function conditionRows(series: readonly Series[]): readonly ScoreRow[] {
  return series.flatMap((one) =>
    one.points.flatMap(({ runs, sparsity }) =>
      distinct(
        runs.flatMap((run) => (run.conditions ?? []).filter((condition) => condition !== null)),
      ).flatMap((condition) => [
        rowOf(one, { condition, runs, sparsity, seed: null }),
        ...runs.map((run) => rowOf(one, { condition, runs: [run], sparsity: run.sparsity, seed: run.seed })),
      ]),
    ),
  );
}

interface ConditionRequest {
  readonly condition: string;
  readonly runs: readonly Reading[];
  readonly sparsity: number;
  readonly seed: string | null;
}

function rowOf(series: Series, { condition, runs, sparsity, seed }: ConditionRequest): ScoreRow {
  const values = runs.flatMap((run) =>
    run.values.flatMap((value, i) => (value === null || run.conditions?.[i] !== condition ? [] : [value])),
  );
  return {
    ...emptyRow(series, sparsity),
    condition,
    seed,
    seeds: runs.length,
    images: values.length,
    value: mean(values) ?? null,
  };
}
