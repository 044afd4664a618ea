import { mean, present } from '../statistics/mean-and-spread.ts';
import { compareObservers } from './compare-observers.ts';
import { observersOf } from './human-observers.ts';
import type { HumanTrial } from './human-trials.ts';

/** How alike people are to each other: what a model that errs as a person does would reach. */
export interface HumanBaseline extends BaselineValues {
  readonly conditions: readonly ConditionBaseline[];
}

interface BaselineValues {
  /** Null where fewer than two people saw the same image. */
  readonly errorConsistency: number | null;
  readonly observedConsistency: number | null;
  readonly accuracyDifference: number | null;
}

export interface ConditionBaseline extends BaselineValues {
  /** Undefined where the set has no conditions. */
  readonly condition: string | undefined;
  readonly subjects: number;
}

/**
 * Each pair of people on the trials that both were given, averaged over pairs within a condition, then over conditions, as
 * model-vs-human does.
 */
export function humanBaseline(trials: readonly HumanTrial[]): HumanBaseline {
  const conditions = observersOf(trials).map(({ condition, subjects }): ConditionBaseline => {
    const pairs = subjects.flatMap((first, i) =>
      subjects.slice(i + 1).flatMap((second) => {
        const common = [...first.isRight.keys()].filter((key) => second.isRight.has(key));
        const compared = compareObservers(
          common.map((key) => first.isRight.get(key)!),
          common.map((key) => second.isRight.get(key)!),
        );
        return compared === undefined ? [] : [compared];
      }),
    );
    return {
      condition,
      subjects: subjects.length,
      errorConsistency: mean(pairs.map((pair) => pair.errorConsistency)) ?? null,
      observedConsistency: mean(pairs.map((pair) => pair.observedConsistency)) ?? null,
      accuracyDifference: mean(pairs.map((pair) => pair.accuracyDifference)) ?? null,
    };
  });
  const over = (pick: (values: BaselineValues) => number | null): number | null =>
    mean(present(conditions.map(pick))) ?? null;
  return {
    errorConsistency: over((values) => values.errorConsistency),
    observedConsistency: over((values) => values.observedConsistency),
    accuracyDifference: over((values) => values.accuracyDifference),
    conditions,
  };
}
