import { basename } from 'node:path';
import type { TaskKey } from '../../../cache/digest.ts';
import { readRecord, runNames } from '../../run/journal.ts';
import { runFolder } from '../../run/run-folder.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import { abandonBatch, batchFiles, slurmDir } from './batch-files.ts';
import type { BatchFiles, ElementPart } from './batch-files.ts';
import { readBook } from './job-book.ts';
import { stageOf } from './job-states.ts';
import type { QueuedElement } from './queued-element.ts';
import type { QueueRow } from './queue-listing.ts';
import type { Refused, SlurmCommands } from './slurm-commands.ts';

/** A job of an earlier run that waits or runs: its result is as good as one of ours. */
export interface LiveJob extends ElementPart {
  readonly id: string;
  /** The name that the queue is asked for. */
  readonly name: string;
  readonly files: BatchFiles;
  /** How many parts its element has. */
  readonly parts: number;
  /** Its time limit was only guessed. */
  readonly isGuessed: boolean;
  /** Who has submitted it: this run, one that has ended, or one that may still watch it. */
  readonly driver: QueuedElement['driver'];
}

/** How many of the latest runs are looked at. */
const runsLookedAt = 50;

/** The name of all jobs of a run. */
export function jobName(folder: RunFolder): string {
  return `sweetspot-${basename(folder.dir)}`;
}

/** What tells an array from the others of its run, also where its number was never heard. */
export function batchComment(folder: RunFolder, batch: string): string {
  return `${jobName(folder)}/${batch}`;
}

/** The number of the array with this comment, where the queue has it. */
export function jobIdOf(rows: readonly QueueRow[], comment: string): string | undefined {
  return rows.find((row) => row.comment === comment)?.id.split('_')[0];
}

/** By key, what the runs before this one have left in the queue. */
export async function findLiveJobs(
  runsDir: string,
  own: RunFolder,
  commands: SlurmCommands,
): Promise<ReadonlyMap<TaskKey, LiveJob> | Refused> {
  const names = (await runNames(runsDir)).filter((run) => run !== basename(own.dir)).slice(0, runsLookedAt);
  const booked: {
    readonly folder: RunFolder;
    readonly driver: 'gone' | 'another';
    readonly batches: Awaited<ReturnType<typeof readBook>>;
  }[] = [];
  for (const run of names) {
    const folder = runFolder(runsDir, run);
    const batches = await readBook(slurmDir(folder));
    if (batches.length === 0) continue;
    const record = await readRecord(runsDir, run);
    const driver = record === undefined || record.driverLiveness === 'dead' ? 'gone' : 'another';
    booked.push({ folder, driver, batches });
  }
  const live = new Map<TaskKey, LiveJob>();
  if (booked.length === 0) return live;
  const rows = await commands.queue(booked.map(({ folder }) => jobName(folder)));
  if ('kind' in rows) return rows;
  const inQueue = new Set(rows.filter((row) => stageOf(row.state) !== 'ended').map((row) => row.id));
  for (const { folder, driver, batches } of booked) {
    for (const { batch, elements, isGuessed, jobId } of batches) {
      const files = batchFiles(folder, batch);
      const found = jobId ?? jobIdOf(rows, batchComment(folder, batch));
      // Its driver died as it was submitting, and the submission may still be on its way.
      if (found === undefined && driver === 'gone') await abandonBatch(files);
      for (const [index, keys] of elements.entries()) {
        const id = `${found ?? ''}_${index}`;
        if (!inQueue.has(id)) continue;
        const job = { id, name: jobName(folder), files, index, parts: keys.length, isGuessed, driver };
        for (const [part, key] of keys.entries()) if (!live.has(key)) live.set(key, { ...job, part });
      }
    }
  }
  return live;
}
