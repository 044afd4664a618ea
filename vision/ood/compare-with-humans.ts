import { mean } from '../statistics/mean-and-spread.ts';
import { compareObservers } from './compare-observers.ts';
import { observersOf, type ConditionObservers } from './human-observers.ts';
import { trialKey, type HumanTrial } from './human-trials.ts';

/** Whether a model was right on one image of a set. */
export interface ModelTrial {
  readonly imageId: string;
  /** Undefined where the set has no conditions. */
  readonly condition: string | undefined;
  readonly isRight: boolean;
}

export const humanMetrics = ['errorConsistency', 'observedConsistency', 'accuracyDifference'] as const;
export type HumanMetric = (typeof humanMetrics)[number];

type ByMetric<T> = { readonly [metric in HumanMetric]: T };

/** A model beside people. Null where nobody was shown any of its images. */
export interface HumanComparison extends ByMetric<number | null> {
  readonly conditions: readonly ComparedCondition[];
  /**
   * One value for each of the model's trials, null where nobody was shown the image; their mean is the metric, each
   * condition counting the same.
   */
  readonly perTrial: ByMetric<readonly (number | null)[]>;
}

export interface ComparedCondition extends ByMetric<number> {
  readonly condition: string | undefined;
  /** Trials of the model that somebody else was given too. */
  readonly trials: number;
  readonly subjects: number;
}

/**
 * Compares a model with each person on the trials that both were given, averages over people within a condition, then over
 * conditions (Geirhos et al. 2021, section 2 and appendix; model-vs-human's benchmark).
 */
export function compareWithHumans(
  model: readonly ModelTrial[],
  humans: readonly HumanTrial[],
): HumanComparison {
  const compared = observersOf(humans).flatMap((observers) => {
    const one = compareCondition(model, observers);
    return one === undefined ? [] : [one];
  });
  const seen = compared.reduce((sum, { summary }) => sum + summary.trials, 0);
  const byMetric = <T>(make: (metric: HumanMetric) => T): ByMetric<T> => ({
    errorConsistency: make('errorConsistency'),
    observedConsistency: make('observedConsistency'),
    accuracyDifference: make('accuracyDifference'),
  });
  return {
    ...byMetric((metric) => mean(compared.map(({ summary }) => summary[metric])) ?? null),
    conditions: compared.map(({ summary }) => summary),
    perTrial: byMetric((metric) => {
      const values: (number | null)[] = model.map(() => null);
      for (const { summary, places, perTrial } of compared) {
        const weight = seen / (compared.length * summary.trials);
        places.forEach((place, i) => (values[place] = weight * perTrial[metric][i]!));
      }
      return values;
    }),
  };
}

interface OneCondition {
  readonly summary: ComparedCondition;
  /** Where the compared trials stand among the model's. */
  readonly places: readonly number[];
  /** In the order of `places`; their means are the summary's. */
  readonly perTrial: ByMetric<readonly number[]>;
}

function compareCondition(
  model: readonly ModelTrial[],
  { condition, subjects }: ConditionObservers,
): OneCondition | undefined {
  const trials = model.flatMap((trial, place) =>
    trial.condition === condition ? [{ key: trialKey(trial), place, isRight: trial.isRight }] : [],
  );
  const places = trials.filter(({ key }) => subjects.some(({ isRight }) => isRight.has(key)));
  if (places.length === 0) return undefined;
  const rank = new Map(places.map(({ key }, i) => [key, i]));
  const pairs = subjects.flatMap(({ isRight }) => {
    const common = places.filter(({ key }) => isRight.has(key));
    const pair = compareObservers(
      common.map((trial) => trial.isRight),
      common.map(({ key }) => isRight.get(key)!),
    );
    return pair === undefined ? [] : [{ pair, ranks: common.map(({ key }) => rank.get(key)!) }];
  });
  const averaged = (metric: HumanMetric): number[] => {
    const values = places.map(() => 0);
    for (const { pair, ranks } of pairs) {
      // Each person counts the same, however many of these images he or she was shown.
      const weight = places.length / (pairs.length * ranks.length);
      ranks.forEach((at, i) => (values[at]! += weight * pair.perTrial[metric][i]!));
    }
    return values;
  };
  const meanOf = (metric: HumanMetric): number => mean(pairs.map(({ pair }) => pair[metric]))!;
  return {
    summary: {
      condition,
      trials: places.length,
      subjects: pairs.length,
      errorConsistency: meanOf('errorConsistency'),
      observedConsistency: meanOf('observedConsistency'),
      accuracyDifference: meanOf('accuracyDifference'),
    },
    places: places.map(({ place }) => place),
    perTrial: {
      errorConsistency: averaged('errorConsistency'),
      observedConsistency: averaged('observedConsistency'),
      accuracyDifference: averaged('accuracyDifference'),
    },
  };
}
