import type { HumanLevels } from '../../readings/scores-file.ts';
import { mean } from '../../../vision/statistics/mean-and-spread.ts';
import type { Study } from './study.ts';

/** What people reach on a set, as fractions of 1; undefined where the study compares none of its scores with people. */
export interface HumanLevel {
  readonly accuracy: number;
  readonly shapeBias: number | undefined;
  readonly byCondition: ReadonlyMap<string, number>;
}

/** Models with other classes are compared on other images: then the mean of what people reached on either. */
export function humanLevel(study: Study, set: string): HumanLevel | undefined {
  const levels = levelsOf(study, set);
  const accuracy = mean(levels.map((one) => one.accuracy));
  if (accuracy === undefined) return undefined;
  const names = new Set(levels.flatMap(({ conditions }) => conditions.map(({ condition }) => condition)));
  const byCondition = [...names].map((name): [string, number] => {
    const there = levels.flatMap(({ conditions }) =>
      conditions.filter(({ condition }) => condition === name).map((one) => one.accuracy),
    );
    return [name, mean(there)!];
  });
  return {
    accuracy,
    shapeBias: mean(levels.flatMap(({ shapeBias }) => shapeBias ?? [])),
    byCondition: new Map(byCondition),
  };
}

/** Each once, however many models were compared with it. */
function levelsOf(study: Study, set: string): readonly HumanLevels[] {
  const runs = study.series
    .filter((one) => one.measure === 'humans' && one.set === set)
    .flatMap((one) => one.points.flatMap((point) => point.runs));
  const levels = runs.flatMap(({ humans }) => humans ?? []);
  return [...new Map(levels.map((one) => [JSON.stringify(one), one])).values()];
}
