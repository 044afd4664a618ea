import { methodLabel, metricLabel, setLabel } from '../page/labels.ts';
import { gainText, percentFactor, scoreNumber } from '../page/numbers.ts';
import type { Series } from '../../readings/series.ts';
import { aspectOf } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import { judgeScores } from './differences.ts';
import type { Difference, JudgedDifference, JudgedScore } from './differences.ts';
import { pairScores } from './pair-scores.ts';
import type { PairedLine } from './pair-scores.ts';
import type { ComparedSide, StudyChanges } from './study-changes.ts';
import { sweetChanges } from './sweet-changes.ts';
import type { SweetChanges } from './sweet-changes.ts';

/** Two runs side by side: all that the page shows. */
export interface Comparison {
  readonly before: ComparedSide;
  readonly after: ComparedSide;
  readonly changes: StudyChanges;
  readonly lines: readonly PairedLine[];
  readonly scores: readonly JudgedScore[];
  readonly onlyBefore: readonly Series[];
  readonly onlyAfter: readonly Series[];
  readonly sweet: SweetChanges;
  /** Seeds that both runs have. */
  readonly sharedSeeds: readonly string[];
  /** How many seeds each run has. */
  readonly seedCounts: readonly [before: number, after: number];
  /** What could not be read, one sentence each. */
  readonly remarks: readonly string[];
}

export interface CompareRequest extends Pick<Comparison, 'before' | 'after' | 'changes' | 'remarks'> {
  readonly studies: { readonly before: Study; readonly after: Study };
}

export function compareStudies({ studies, ...told }: CompareRequest): Comparison {
  const { lines, pairs, onlyBefore, onlyAfter } = pairScores(studies.before, studies.after);
  return {
    ...told,
    ...{ lines, onlyBefore, onlyAfter },
    scores: judgeScores(pairs),
    sweet: sweetChanges(pairs, studies),
    seedCounts: [studies.before.seeds.length, studies.after.seeds.length],
    sharedSeeds: studies.before.seeds.filter((seed) => studies.after.seeds.includes(seed)),
  };
}

/** `RMA, Grad-CAM`; `Silhouette`; `CorLoc`. */
export function seriesName(series: Series): string {
  const metric = metricLabel(series.metric);
  switch (aspectOf(series)) {
    case 'localisation':
      return series.method === undefined ? metric : `${metric}, ${methodLabel(series.method)}`;
    case 'sets': {
      const set = setLabel(series.set ?? '');
      return series.metric === 'accuracy' || series.metric === 'top1' ? set : `${set}, ${metric}`;
    }
    case 'people':
      return `${setLabel(series.set ?? '')}, ${metric}`;
    case 'discovery':
    case 'accuracy':
      return metric;
    case undefined:
      return `${series.measure}, ${metric}`;
  }
}

export const verdictText: { readonly [verdict in JudgedDifference['verdict']]: string } = {
  'beyond-chance': 'beyond chance',
  'within-images': 'within chance',
  'within-seeds': 'within the scatter of seeds',
};

/** `+2.1 points [1.0, 3.2]`. */
export function differenceText({ mean, low, high }: Difference, unit: string): string {
  const points = percentFactor(unit) === undefined ? '' : ' points';
  return `${gainText(mean, unit)}${points} [${scoreNumber(low, unit)}, ${scoreNumber(high, unit)}]`;
}
