import type { Json, JsonObject } from '../../cache/json.ts';
import type { HumanComparison } from '../../vision/ood/compare-with-humans.ts';
import type { HumanBaseline } from '../../vision/ood/human-baseline.ts';
import { summariseHumans } from '../../vision/ood/human-summary.ts';
import { trialKey, type HumanTrial } from '../../vision/ood/human-trials.ts';
import { confusionOf, responseEntropy, accuracyOf } from '../../vision/ood/response-statistics.ts';
import type { OodSet } from '../../vision/ood/sets.ts';
import { mean, present } from '../../vision/statistics/mean-and-spread.ts';
import { bySubject, conflictBias, peoplesBias } from './conflict-bias.ts';
import type { DecidedTrial } from './read-decisions.ts';

/** What `comparison.json` says: the model and people side by side, whole and by condition. */
export function comparisonFile(request: {
  readonly set: OodSet;
  readonly compared: HumanComparison;
  readonly baseline: HumanBaseline;
  readonly counted: readonly DecidedTrial[];
  /** On the same images. */
  readonly humans: readonly HumanTrial[];
}): JsonObject {
  const { set, compared, baseline, counted, humans } = request;
  const shown = new Map(humans.map((trial) => [trialKey(trial), trial]));
  const answers = counted.flatMap((trial) => {
    const same = shown.get(trialKey(trial));
    if (same === undefined) return [];
    return [{ response: trial.decision, category: same.category, fileName: same.fileName }];
  });
  const summary = summariseHumans(humans)!;
  const perSubject = bySubject(humans);
  return {
    format: 1,
    set: set.name,
    model: {
      accuracy: accuracyOf(answers) ?? null,
      entropy_bits: responseEntropy(answers) ?? null,
      ...(set.name === 'cue-conflict' ? { shape_bias: conflictBias(answers, humans) ?? null } : {}),
      ...likeness(compared),
    },
    humans: {
      subjects: summary.subjects.length,
      accuracy: summary.accuracy,
      accuracy_spread: summary.accuracySpread,
      entropy_bits: mean(present(perSubject.map((own) => responseEntropy(own) ?? null))) ?? null,
      ...(set.name === 'cue-conflict' ? { shape_bias: peoplesBias(humans) ?? null } : {}),
      ...likeness(baseline),
    },
    conditions: compared.conditions.map((condition) => {
      const { condition: name } = condition;
      const people = summary.conditions.find((each) => each.condition === name)!;
      return {
        condition: name ?? null,
        trials: condition.trials,
        subjects: condition.subjects,
        model: likeness(condition),
        humans: {
          accuracy: people.accuracy,
          accuracy_spread: people.accuracySpread,
          ...likeness(baseline.conditions.find((each) => each.condition === name)!),
        },
      };
    }),
    confusion: {
      model: confusionOf(answers) as unknown as Json,
      humans: confusionOf(humans) as unknown as Json,
    },
  };
}

function likeness(values: {
  readonly errorConsistency: number | null;
  readonly observedConsistency: number | null;
  readonly accuracyDifference: number | null;
}): JsonObject {
  return {
    error_consistency: values.errorConsistency,
    observed_consistency: values.observedConsistency,
    accuracy_difference: values.accuracyDifference,
  };
}
