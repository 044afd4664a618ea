import { guarded } from '../../../cache/system-error.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { RunnerParts } from '../../run/attempt-runner.ts';
import type { BatchPart } from '../../worker/batch-spec.ts';
import { arrayChunks, byShape } from './array-chunks.ts';
import { batchFiles, writeBatch } from './batch-files.ts';
import type { BatchFiles } from './batch-files.ts';
import type { SlurmConfig } from './config.ts';
import { demandOf, hasConfiguredTime } from './demand.ts';
import type { Demand } from './demand.ts';
import { batchComment, jobName } from './find-live-jobs.ts';
import { followersOf } from './followers.ts';
import type { Follower } from './followers.ts';
import { packed } from './packs.ts';
import { failAll, untried } from './pending.ts';
import type { Pending } from './pending.ts';
import { timeLimitOf } from './time-limit.ts';

/** What one element of an array is to do, one after the other. */
export interface Element {
  readonly items: readonly Pending[];
  /** With what it goes on, unasked. */
  readonly followers: readonly Follower[];
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
export async function elementsOf(
  items: readonly Pending[],
  request: {
    readonly config: SlurmConfig;
    readonly run: Pick<RunnerParts, 'times' | 'drafts'>;
    readonly isHere: (task: PlannedTask) => boolean;
    readonly longestMinutes: (partition: string | undefined) => number | undefined;
    readonly budgetMs: number;
  },
): Promise<readonly Element[]> {
  const { config, run, longestMinutes, budgetMs } = request;
  const { times } = run;
  const shapeOf = ({ task }: Pending): string => JSON.stringify(demandOf(task, config));
  const expectedMs = ({ task, tried }: Pending): number | undefined =>
    tried.alone ? undefined : times.of(task)?.usualMs;
  const packs = byShape(items, shapeOf).flatMap((alike) =>
    packed(alike, { budgetMs, expectedMs, most: mostParts }),
  );
  const elements: Element[] = [];
  for (const pack of packs) {
    const { task } = pack[0]!;
    const demand = demandOf(task, config);
    const followers = await followersOf(pack, { ...request, demand, most: mostParts });
    const { minutes, isGuessed } = hasConfiguredTime(task.kind, config)
      ? leftAsItIs
      : timeLimitOf([...pack, ...followers.map((follower) => ({ ...follower, tried: untried }))], {
          timeOf: (item) => times.of(item.task),
          longestMinutes: longestMinutes(demand.partition),
        });
    const options = minutes === undefined ? demand.options : [...demand.options, `--time=${minutes}`];
    elements.push({ items: pack, followers, demand: { ...demand, options }, isGuessed });
  }
  return elements;
}

/** What the configuration says of time is among the options already. */
const leftAsItIs = { minutes: undefined, isGuessed: false };

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
    const unwritten = await guarded(files.dir, () =>
      writeBatch(files, { store, demand, elements: chunk.map(partsOf), worker }),
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

function partsOf({ items, followers }: Element): readonly Omit<BatchPart, 'eventsFile'>[] {
  return [
    ...items.map(({ job }) => ({ job })),
    ...followers.map(({ draft, after, isLight }) => ({
      ...{ job: draft, after },
      ...(isLight ? { isLight } : {}),
    })),
  ];
}

export function itemsOf(elements: readonly Element[]): readonly Pending[] {
  return elements.flatMap(({ items }) => items);
}
