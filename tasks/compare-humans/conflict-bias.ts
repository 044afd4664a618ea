import { textureOf } from '../../vision/ood/file-names.ts';
import type { HumanTrial } from '../../vision/ood/human-trials.ts';
import type { Answer } from '../../vision/ood/response-statistics.ts';
import { shapeBias } from '../../vision/ood/shape-bias.ts';
import { mean } from '../../vision/statistics/mean-and-spread.ts';

export interface NamedAnswer extends Answer {
  readonly fileName: string;
}

/**
 * Share of the cue conflicts decided by shape, of those decided by shape or texture, in 0..1. A model that cannot answer with
 * the texture has no conflict to decide: only textures among the categories of the compared images count, for people too.
 * Undefined where none was decided by either.
 */
export function conflictBias(
  answers: readonly NamedAnswer[],
  compared: readonly HumanTrial[],
): number | undefined {
  const askable = new Set<string>(compared.map(({ category }) => category));
  const open = answers.filter(({ fileName }) => askable.has(textureOf(fileName) ?? ''));
  const trials = open.map(({ response, category, fileName }) => ({
    decision: response,
    shape: category,
    texture: textureOf(fileName) ?? category,
  }));
  return shapeBias(trials)?.bias;
}

/** Mean over people of their bias; undefined where nobody decided by either. */
export function peoplesBias(humans: readonly HumanTrial[]): number | undefined {
  return mean(bySubject(humans).flatMap((own) => conflictBias(own, humans) ?? []));
}

export function bySubject(humans: readonly HumanTrial[]): readonly (readonly HumanTrial[])[] {
  const subjects = [...new Set(humans.map(({ subject }) => subject))];
  return subjects.map((subject) => humans.filter((trial) => trial.subject === subject));
}
