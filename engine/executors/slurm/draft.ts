import { guarded } from '../../../cache/system-error.ts';
import type { RunnerParts } from '../../run/attempt-runner.ts';
import { arrayChunks, byShape } from './array-chunks.ts';
import { batchFiles, writeBatch } from './batch-files.ts';
import type { BatchFiles } from './batch-files.ts';
import type { SlurmConfig } from './config.ts';
import { demandOf, hasConfiguredTime } from './demand.ts';
import type { Demand } from './demand.ts';
import { batchComment, jobName } from './find-live-jobs.ts';
import { packed } from './packs.ts';
import { failAll } from './pending.ts';
import type { Pending } from './pending.ts';
import { timeLimitOf } from './time-limit.ts';

/** What one element of an array is to do, one after the other. */
export interface Element {
  readonly items: readonly Pending[];
  readonly demand: Demand;
  /** Its time limit was only guessed. */
  readonly isGuessed: boolean;
}

/** An array whose files are written, and which Slurm has not taken yet. */
export interface Drafted {
  readonly batch: string;
  readonly files: BatchFiles;
  readonly elements: readonly Element[];
  readonly options: readonly string[];
}

/** More tasks are never in one job, however short they are: each has files of its own. */
const mostParts = 100;

/** What waits as elements of arrays. `budgetMs`: how much work goes into one, at most. */
export function elementsOf(
  items: readonly Pending[],
  request: {
    readonly config: SlurmConfig;
    readonly times: RunnerParts['times'];
    readonly longestMinutes: (partition: string | undefined) => number | undefined;
    readonly budgetMs: number;
  },
): readonly Element[] {
  const { config, times, longestMinutes, budgetMs } = request;
  const shapeOf = ({ task }: Pending): string => JSON.stringify(demandOf(task, config));
  const expectedMs = ({ task, tried }: Pending): number | undefined =>
    tried.alone ? undefined : times.of(task)?.usualMs;
  return byShape(items, shapeOf)
    .flatMap((alike) => packed(alike, { budgetMs, expectedMs, most: mostParts }))
    .map((pack) => {
      const { task } = pack[0]!;
      const demand = demandOf(task, config);
      if (hasConfiguredTime(task.kind, config)) return { items: pack, demand, isGuessed: false };
      const { minutes, isGuessed } = timeLimitOf(pack, {
        timeOf: (item) => times.of(item.task),
        longestMinutes: longestMinutes(demand.partition),
      });
      const options = minutes === undefined ? demand.options : [...demand.options, `--time=${minutes}`];
      return { items: pack, demand: { ...demand, options }, isGuessed };
    });
}

/** Turns elements into arrays. Where the files of one cannot be written, its attempts fail. */
export async function draftArrays(
  elements: readonly Element[],
  request: {
    readonly parts: RunnerParts;
    readonly largestArray: number;
    readonly nextBatch: () => string;
  },
): Promise<readonly Drafted[]> {
  const { parts, largestArray, nextBatch } = request;
  const { store, worker, folder } = parts;
  const drafted: Drafted[] = [];
  const shapeOf = ({ demand, isGuessed }: Element): string => JSON.stringify([demand, isGuessed]);
  for (const chunk of arrayChunks(elements, shapeOf, largestArray)) {
    const batch = nextBatch();
    const files = batchFiles(folder, batch);
    const { demand } = chunk[0]!;
    const jobs = chunk.map(({ items }) => items.map(({ job }) => job));
    const unwritten = await guarded(files.dir, () =>
      writeBatch(files, { store, demand, elements: jobs, worker }),
    );
    if (unwritten !== undefined) {
      failAll(itemsOf(chunk), `${unwritten.path}: ${unwritten.detail}`);
      continue;
    }
    const options = [
      `--job-name=${jobName(folder)}`,
      `--comment=${batchComment(folder, batch)}`,
      `--array=0-${chunk.length - 1}`,
      `--output=${files.output}`,
      ...['--open-mode=append', '--requeue', '--signal=B:TERM@60', ...demand.options],
      files.script,
    ];
    drafted.push({ batch, files, elements: chunk, options });
  }
  return drafted;
}

export function itemsOf(elements: readonly Element[]): readonly Pending[] {
  return elements.flatMap(({ items }) => items);
}
