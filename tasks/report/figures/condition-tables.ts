import { oodSetNamed } from '../../../vision/ood/sets.ts';
import type { Series } from '../../readings/series.ts';
import { percentFactor } from '../page/numbers.ts';
import type { Door } from '../study/doors.ts';
import { distinct, lineOf, mainMetric, seriesAbout } from '../study/lookup.ts';
import type { Line, Study } from '../study/study.ts';

/** A set's accuracies by condition. */
export interface ConditionTable {
  readonly line: Line;
  readonly set: string;
  /** Ascending. */
  readonly sparsities: readonly number[];
  /** By sparsity. */
  readonly doors: readonly (Door | undefined)[];
  /** From the mildest or first to the last. */
  readonly conditions: readonly string[];
  /** [condition][sparsity], fractions of 1, means over seeds and images; undefined where nothing was scored. */
  readonly accuracy: readonly (readonly (number | undefined)[])[];
}

/** One for each model and set that has conditions. */
export function conditionTables(study: Study): readonly ConditionTable[] {
  return mainMetric(seriesAbout(study, 'sets')).flatMap((one) => tableOf(study, one));
}

function tableOf(study: Study, series: Series): readonly ConditionTable[] {
  const line = lineOf(study, series);
  const named = series.points.flatMap((point) => point.runs.flatMap((run) => distinct(run.conditions ?? [])));
  const conditions = inOrder(series.set, distinct(named.filter((condition) => condition !== null)));
  if (conditions.length < 2 || series.set === undefined) return [];
  const factor = percentFactor(series.unit) ?? 1;
  const byPoint = series.points.map((point) => {
    const sums = new Map<string, { sum: number; count: number }>();
    for (const run of point.runs) {
      run.conditions?.forEach((condition, i) => {
        const value = run.values[i] ?? null;
        if (condition === null || value === null) return;
        const entry = sums.get(condition) ?? { sum: 0, count: 0 };
        sums.set(condition, { sum: entry.sum + value, count: entry.count + 1 });
      });
    }
    return sums;
  });
  const accuracy = conditions.map((condition) =>
    byPoint.map((sums) => {
      const entry = sums.get(condition);
      return entry === undefined ? undefined : (entry.sum / entry.count) * (factor / 100);
    }),
  );
  const sparsities = series.points.map((point) => point.sparsity);
  const doors = series.points.map(({ runs }) => study.doors.doorOf(line.index, [runs]));
  return [{ line, set: series.set, sparsities, doors, conditions, accuracy }];
}

/** From the mildest to the hardest where the set is known, else numbers by size and names as they come. */
function inOrder(set: string | undefined, conditions: readonly string[]): readonly string[] {
  const known = set === undefined ? [] : (oodSetNamed(set)?.conditions ?? []);
  if (conditions.every((condition) => known.includes(condition)))
    return known.filter((condition) => conditions.includes(condition));
  const numbers = conditions.every((condition) => condition !== '' && Number.isFinite(Number(condition)));
  return numbers ? [...conditions].sort((a, b) => Number(a) - Number(b)) : conditions;
}
