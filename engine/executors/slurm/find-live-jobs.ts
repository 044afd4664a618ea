import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { TaskKey } from '../../../cache/digest.ts';
import { readRecord, runNames } from '../../run/journal.ts';
import { runFolder } from '../../run/run-folder.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import { parseBatchSpec } from '../../worker/batch-spec.ts';
import { abandonBatch, batchFiles, elementFiles, slurmDir } from './batch-files.ts';
import type { ExpectedPart } from './expected.ts';
import { readBook } from './job-book.ts';
import { stageOf } from './job-states.ts';
import type { QueuedElement, QueuedPart } from './queued-element.ts';
import type { QueueRow } from './queue-listing.ts';
import type { Refused, SlurmCommands } from './slurm-commands.ts';

/** What earlier runs have left in the queue, waiting or running: its results are as good as ours. */
export interface LiveJobs {
  readonly byKey: Map<TaskKey, QueuedPart>;
  /** Of each element that goes on with parts whose keys are still to come, those parts. */
  readonly expected: ReadonlyMap<QueuedElement, readonly ExpectedPart[]>;
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

/** What the runs before this one have left in the queue. */
export async function findLiveJobs(
  runsDir: string,
  own: RunFolder,
  commands: SlurmCommands,
): Promise<LiveJobs | Refused> {
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
  const byKey = new Map<TaskKey, QueuedPart>();
  const expected = new Map<QueuedElement, readonly ExpectedPart[]>();
  if (booked.length === 0) return { byKey, expected };
  const rows = await commands.queue(booked.map(({ folder }) => jobName(folder)));
  if ('kind' in rows) return rows;
  const inQueue = new Set(rows.filter((row) => stageOf(row.state) !== 'ended').map((row) => row.id));
  for (const { folder, driver, batches } of booked) {
    for (const { batch, elements, isGuessed, jobId } of batches) {
      const files = batchFiles(folder, batch);
      const found = jobId ?? jobIdOf(rows, batchComment(folder, batch));
      // Its driver died as it was submitting, and the submission may still be on its way.
      if (found === undefined && driver === 'gone') await abandonBatch(files);
      for (const [index, { keys, followers }] of elements.entries()) {
        const id = `${found ?? ''}_${index}`;
        if (!inQueue.has(id)) continue;
        const element: QueuedElement = {
          ...{ id, name: jobName(folder), files, index, isGuessed, driver, isEndedByUs: false },
          ...{ parts: keys.length + followers, followers },
        };
        for (const [part, key] of keys.entries()) if (!byKey.has(key)) byKey.set(key, { element, part });
        if (followers > 0) expected.set(element, await expectedOf(element));
      }
    }
  }
  return { byKey, expected };
}

/** What an element goes on with, as it was told; nothing where that cannot be read. */
async function expectedOf({ files, index }: QueuedElement): Promise<readonly ExpectedPart[]> {
  const spec = parseBatchSpec(await readFile(elementFiles(files, index).spec, 'utf8').catch(() => ''));
  if (typeof spec === 'string') return [];
  return spec.parts.flatMap(({ job, after }, part) =>
    after === undefined ? [] : [{ part, draft: job, after }],
  );
}
