import { mean } from '../statistics/mean-and-spread.ts';
import { textureOf } from './file-names.ts';
import type { HumanTrial } from './human-trials.ts';
import { accuracyOf } from './response-statistics.ts';
import { shapeBias, type ShapeBias } from './shape-bias.ts';

/** What people did on a set. */
export interface HumanSummary {
  readonly subjects: readonly SubjectSummary[];
  /** Mean over subjects. */
  readonly accuracy: number;
  /** Population standard deviation of the subjects' accuracies. */
  readonly accuracySpread: number;
  /** In the order in which they occur; one without a name where the set has none. */
  readonly conditions: readonly ConditionSummary[];
}

export interface SubjectSummary {
  readonly subject: string;
  readonly trials: number;
  readonly accuracy: number;
  /** Share of trials without an answer. */
  readonly noAnswer: number;
  /** Of cue conflicts; undefined on other sets. */
  readonly shapeBias: ShapeBias | undefined;
}

interface ConditionSummary {
  readonly condition: string | undefined;
  readonly trials: number;
  readonly subjects: number;
  readonly accuracy: number;
  readonly accuracySpread: number;
}

/** Accuracies of the people, alone and together; undefined for no trials. `cueConflict` asks for the shape biases too. */
export function summariseHumans(
  trials: readonly HumanTrial[],
  { cueConflict = false }: { readonly cueConflict?: boolean } = {},
): HumanSummary | undefined {
  if (trials.length === 0) return undefined;
  const subjects = bySubject(trials).map(([subject, own]): SubjectSummary => ({
    subject,
    trials: own.length,
    accuracy: accuracyOf(own)!,
    noAnswer: own.filter(({ response }) => response === 'na').length / own.length,
    shapeBias: cueConflict ? shapeBias(own.map(conflictOf)) : undefined,
  }));
  const conditions = [...new Set(trials.map(({ condition }) => condition))].map((condition) => {
    const own = trials.filter((trial) => trial.condition === condition);
    const accuracies = bySubject(own).map(([, each]) => accuracyOf(each)!);
    return { condition, trials: own.length, subjects: accuracies.length, ...spreadOf(accuracies) };
  });
  return { subjects, ...spreadOf(subjects.map(({ accuracy }) => accuracy)), conditions };
}

function conflictOf({ response, category, fileName }: HumanTrial): {
  readonly decision: string;
  readonly shape: string;
  readonly texture: string;
} {
  return { decision: response, shape: category, texture: textureOf(fileName) ?? category };
}

function bySubject(trials: readonly HumanTrial[]): readonly (readonly [string, readonly HumanTrial[]])[] {
  const subjects = new Map<string, HumanTrial[]>();
  for (const trial of trials) {
    const own = subjects.get(trial.subject) ?? [];
    own.push(trial);
    subjects.set(trial.subject, own);
  }
  return [...subjects];
}

function spreadOf(accuracies: readonly number[]): {
  readonly accuracy: number;
  readonly accuracySpread: number;
} {
  const accuracy = mean(accuracies)!;
  const variance = mean(accuracies.map((value) => (value - accuracy) ** 2))!;
  return { accuracy, accuracySpread: Math.sqrt(variance) };
}
