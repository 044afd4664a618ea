import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type InputArtifact, TaskError } from '../../engine/contract/task-context.ts';
import { imageIdOf } from '../../vision/ood/file-names.ts';
import type { ModelTrial } from '../../vision/ood/compare-with-humans.ts';
import { trialKey } from '../../vision/ood/human-trials.ts';
import { readScoresFile, type ScoresFile } from '../readings/scores-file.ts';

/** What a model decided on one image of a set. */
export interface DecidedTrial extends ModelTrial {
  readonly decision: string;
}

export interface Decisions {
  readonly scores: ScoresFile;
  /** In the order of the scores' items; undefined where the model was not asked: it does not know the category. */
  readonly trials: readonly (DecidedTrial | undefined)[];
}

/** Reads what `evaluate` wrote: `scores.json` and `decisions.json`. */
export async function readDecisions({ dir }: InputArtifact): Promise<Decisions> {
  const scores = await readScoresFile(dir);
  const decisions = await decisionsIn(dir);
  const { items, metrics, groups } = scores;
  const right = metrics['accuracy']?.values;
  if (right === undefined || decisions?.length !== items.length)
    throw new TaskError('task', 'decisions: these scores hold no decisions; only those of `evaluate` do');
  const trials = items.map((item, i) => {
    const isRight = right[i] ?? null;
    if (isRight === null) return undefined;
    const condition = groups?.condition?.[i] ?? undefined;
    const imageId = imageIdOf(item.split('/').at(-1)!);
    return { imageId, condition, isRight: isRight === 1, decision: decisions[i]! };
  });
  const seen = new Map<string, string>();
  trials.forEach((trial, i) => {
    if (trial === undefined) return;
    const other = seen.get(trialKey(trial));
    if (other !== undefined)
      throw new TaskError(
        'task',
        `decisions: ${other} and ${items[i]!} are the same image in the same condition`,
      );
    seen.set(trialKey(trial), items[i]!);
  });
  return { scores, trials };
}

async function decisionsIn(dir: string): Promise<readonly string[] | undefined> {
  let text: string;
  try {
    text = await readFile(join(dir, 'decisions.json'), 'utf8');
  } catch {
    return undefined;
  }
  return (JSON.parse(text) as { readonly decisions: readonly string[] }).decisions;
}
