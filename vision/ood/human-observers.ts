import { trialKey, type HumanTrial } from './human-trials.ts';

/** Who was right on which trial, in one condition. */
export interface ConditionObservers {
  /** Undefined where the set has no conditions. */
  readonly condition: string | undefined;
  /** For each subject that was shown anything in it: trial key -> right or wrong. */
  readonly subjects: readonly { readonly subject: string; readonly isRight: ReadonlyMap<string, boolean> }[];
}

/** Trials by condition, then by subject, each in the order in which it first occurs. */
export function observersOf(trials: readonly HumanTrial[]): readonly ConditionObservers[] {
  const conditions = new Map<string | undefined, Map<string, Map<string, boolean>>>();
  for (const trial of trials) {
    const subjects = conditions.get(trial.condition) ?? new Map<string, Map<string, boolean>>();
    conditions.set(trial.condition, subjects);
    const isRight = subjects.get(trial.subject) ?? new Map<string, boolean>();
    subjects.set(trial.subject, isRight);
    isRight.set(trialKey(trial), trial.response === trial.category);
  }
  return [...conditions].map(([condition, subjects]) => ({
    condition,
    subjects: [...subjects].map(([subject, isRight]) => ({ subject, isRight })),
  }));
}
