import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryPrefix } from '../../cache/local/temporary-file.ts';
import type { Digest } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { PlannedTask } from '../../engine/plan/plan.ts';
import type { ComparedRun } from '../../engine/run/compare-runs.ts';
import type { ScoresFile } from '../../tasks/readings/scores-file.ts';
import { registry } from '../registry.ts';

/** One metric of one task, in two runs. */
export interface ScoreChange {
  readonly task: string;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  /** Means; null where no image has a value, undefined where that run has no such score. */
  readonly before: number | null | undefined;
  readonly after: number | null | undefined;
}

export interface ScoreComparison {
  /** The largest changes first, per metric's unit; scores that are equal to the last digit are counted only. */
  readonly changes: readonly ScoreChange[];
  readonly equal: number;
  /** Addresses whose scores are no longer in the store. */
  readonly gone: readonly string[];
}

/** Compares the mean of every metric of every task that makes scores and stands in both runs. */
export async function compareScores(request: {
  readonly before: ComparedRun & { readonly store: Store };
  readonly after: ComparedRun & { readonly store: Store };
}): Promise<ScoreComparison> {
  const { before, after } = request;
  const reader = await ScoresReader.open(after.store);
  try {
    const changes: ScoreChange[] = [];
    const gone: string[] = [];
    let equal = 0;
    for (const [task, then] of before.tasks) {
      const now = after.tasks.get(task);
      const output = scoresOutput(after.planned.get(task) ?? before.planned.get(task));
      const was = output === undefined ? undefined : then.outputs[output];
      const is = output === undefined ? undefined : now?.outputs[output];
      if (was === undefined || is === undefined) continue;
      const [one, other] = [await reader.read(was), await reader.read(is)];
      if (one === undefined || other === undefined) {
        gone.push(task);
        continue;
      }
      for (const metric of new Set([...Object.keys(one.metrics), ...Object.keys(other.metrics)])) {
        const [first, second] = [one.metrics[metric], other.metrics[metric]];
        if (first?.mean === second?.mean) equal += 1;
        else {
          const { unit, higherIsBetter } = (second ?? first)!;
          changes.push({ task, metric, unit, higherIsBetter, before: first?.mean, after: second?.mean });
        }
      }
    }
    return { changes: changes.sort(largerFirst), equal, gone };
  } finally {
    await reader.close();
  }
}

function largerFirst(a: ScoreChange, b: ScoreChange): number {
  const [first, second] = [sizeOf(a), sizeOf(b)];
  return first === second ? 0 : second - first;
}

/** How much a score moved, relative to where it was; one that came or went has moved most. */
function sizeOf({ before, after }: ScoreChange): number {
  if (typeof before !== 'number' || typeof after !== 'number') return Number.POSITIVE_INFINITY;
  return Math.abs(after - before) / Math.max(Math.abs(before), Math.abs(after));
}

function scoresOutput(planned: Partial<PlannedTask> | undefined): string | undefined {
  const kind = registry.kinds.find((each) => each.kind === planned?.kind);
  if (kind === undefined) return undefined;
  const ports = typeof kind.outputs === 'function' ? kind.outputs(planned?.options ?? {}) : kind.outputs;
  return Object.entries(ports).find(([, { type }]) => type === 'scores')?.[0];
}

class ScoresReader {
  readonly #store: Store;
  readonly #dir: string;
  readonly #read = new Map<Digest, ScoresFile | undefined>();

  private constructor(store: Store, dir: string) {
    this.#store = store;
    this.#dir = dir;
  }

  static async open(store: Store): Promise<ScoresReader> {
    return new ScoresReader(store, await mkdtemp(join(store.root, 'tmp', `${temporaryPrefix}diff-`)));
  }

  async read(digest: Digest): Promise<ScoresFile | undefined> {
    if (this.#read.has(digest)) return this.#read.get(digest);
    const dir = join(this.#dir, digest);
    const result = await this.#store.artifacts.materialise(digest, dir);
    const scores =
      result.kind === 'materialised'
        ? (JSON.parse(await readFile(join(dir, 'scores.json'), 'utf8')) as ScoresFile)
        : undefined;
    await rm(dir, { recursive: true, force: true });
    this.#read.set(digest, scores);
    return scores;
  }

  close(): Promise<void> {
    return rm(this.#dir, { recursive: true, force: true });
  }
}
