import type { PlannedTask } from '../../engine/plan/plan.ts';
import type { ComparedRun } from '../../engine/run/compare-runs.ts';
import { readScoresFile } from '../../tasks/readings/scores-file.ts';
import { isHeadline } from '../../tasks/report/study/headline.ts';
import { registry } from '../registry.ts';
import type { LaidOutArtifacts } from './laid-out.ts';

/** One metric of one task, in two runs. */
export interface ScoreChange {
  readonly task: string;
  /** `accuracy`, `localisation`, `training`, … */
  readonly measure: string;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  /** Means; null where no image has a value, undefined where that run has no such score. */
  readonly before: number | null | undefined;
  readonly after: number | null | undefined;
}

export interface ScoreComparison {
  /** Scores before losses and what training says of itself, each by the largest relative change; scores that are equal to the last digit are counted only. */
  readonly changes: readonly ScoreChange[];
  readonly equal: number;
  /** Addresses whose scores are no longer in the store. */
  readonly gone: readonly string[];
}

/** A run, and its artifacts as folders. */
export interface LaidOutRun extends ComparedRun {
  readonly laidOut: LaidOutArtifacts;
}

/** Compares the mean of every metric of every task that makes scores and stands in both runs. */
export async function compareScores({
  before,
  after,
}: {
  readonly before: LaidOutRun;
  readonly after: LaidOutRun;
}): Promise<ScoreComparison> {
  const changes: ScoreChange[] = [];
  const gone: string[] = [];
  let equal = 0;
  for (const [task, then] of before.tasks) {
    const now = after.tasks.get(task);
    const output = scoresOutput(after.planned.get(task) ?? before.planned.get(task));
    const was = output === undefined ? undefined : then.outputs[output];
    const is = output === undefined ? undefined : now?.outputs[output];
    if (was === undefined || is === undefined) continue;
    const [first, second] = [await before.laidOut.dirOf(was), await after.laidOut.dirOf(is)];
    if (first === undefined || second === undefined) {
      gone.push(task);
      continue;
    }
    const [one, other] = [await readScoresFile(first), await readScoresFile(second)];
    for (const metric of new Set([...Object.keys(one.metrics), ...Object.keys(other.metrics)])) {
      const [old, fresh] = [one.metrics[metric], other.metrics[metric]];
      if (old?.mean === fresh?.mean) equal += 1;
      else {
        const { unit, higherIsBetter } = (fresh ?? old)!;
        changes.push({
          task,
          measure: other.measure,
          metric,
          unit,
          higherIsBetter,
          before: old?.mean,
          after: fresh?.mean,
        });
      }
    }
  }
  return { changes: changes.sort(moreTellingFirst), equal, gone };
}

/** Scores before losses and what training says of itself, then the larger change. */
function moreTellingFirst(a: ScoreChange, b: ScoreChange): number {
  if (isHeadline(a) !== isHeadline(b)) return isHeadline(a) ? -1 : 1;
  const [first, second] = [sizeOf(a), sizeOf(b)];
  return first === second ? 0 : second - first;
}

/** How much a score moved, relative to where it was; one that came or went has moved most. */
function sizeOf({ before, after }: ScoreChange): number {
  if (typeof before !== 'number' || typeof after !== 'number') return Number.POSITIVE_INFINITY;
  return Math.abs(after - before) / Math.max(Math.abs(before), Math.abs(after));
}

/** Name of the output that holds a task's scores; undefined where it makes none. */
export function scoresOutput(planned: Partial<PlannedTask> | undefined): string | undefined {
  const kind = registry.kinds.find((each) => each.kind === planned?.kind);
  if (kind === undefined) return undefined;
  const ports = typeof kind.outputs === 'function' ? kind.outputs(planned?.options ?? {}) : kind.outputs;
  return Object.entries(ports).find(([, { type }]) => type === 'scores')?.[0];
}
