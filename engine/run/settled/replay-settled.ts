import { constants, copyFileSync } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { systemClock } from '../../../cache/clock.ts';
import { share } from '../../../cache/local/store-folder.ts';
import type { Store } from '../../../cache/store.ts';
import type { RunEvent } from '../events.ts';
import { runNames } from '../journal.ts';
import { makeRunFolder } from '../journal-writer.ts';
import type { StudySource } from '../journal-writer.ts';
import { newRunId } from '../run-id.ts';
import { sweepWork } from '../../worker/work-folders.ts';
import { runFolder } from '../run-folder.ts';
import type { RunSummary } from '../run-plan.ts';
import { sealJson } from '../sealed-line.ts';
import { cachedLine } from './settled-record.ts';
import type { SettledRecord } from './settled-record.ts';

export interface ReplayedRun {
  readonly summary: RunSummary;
  /** The run's events as JSON. */
  readonly lines: readonly string[];
}

/** Records a run of which everything is cached, as it would have been recorded task by task. Throws system errors. */
export async function replaySettled(request: {
  readonly store: Store;
  readonly record: SettledRecord;
  readonly sources: readonly StudySource[];
  readonly planFile: string;
  readonly member?: string | undefined;
  /** When the run began, by `performance.now()`. */
  readonly beganMs: number;
}): Promise<ReplayedRun> {
  const { store, record, sources, planFile, member, beganMs } = request;
  const { study, file, slots } = record.head;
  const now = new Date(systemClock.wallMs());
  const at = now.toISOString();
  const run = newRunId(now, (await runNames(store.runsDir))[0]);
  const folder = runFolder(store.runsDir, run);

  // As at the beginning of any run: what killed ones have left behind is ended.
  await sweepWork(store.root);
  const count = record.tails.length;
  const counts = { cached: count, done: 0, failed: 0, blocked: 0, notRun: 0 };
  const line = (event: RunEvent): string => JSON.stringify(event);
  const lines = [line({ kind: 'run-started', at, run, study, tasks: count, slots })];
  for (const tail of record.tails) lines.push(cachedLine(tail, at));
  const durationMs = Math.round(performance.now() - beganMs);
  lines.push(line({ kind: 'run-finished', at, outcome: 'done', counts, durationMs }));

  try {
    await makeRunFolder({
      folder,
      sharing: store.sharing,
      run,
      study,
      file,
      startedAt: at,
      sources,
      member,
      settled: true,
    });
    copyFileSync(planFile, folder.planFile, constants.COPYFILE_FICLONE);
    await share(folder.planFile, store, 0o644);
    await using events = await open(folder.eventsFile, 'a');
    await share(folder.eventsFile, store, 0o644);
    await events.appendFile(`${lines.map(sealJson).join('\n')}\n`);
    await events.sync();
  } catch (error) {
    await rm(folder.dir, { recursive: true, force: true });
    throw error;
  }
  const summary: RunSummary = {
    ...{ run, dir: folder.dir, outcome: 'done', counts, durationMs, slots },
    results: new Map(),
    hasLooked: false,
  };
  return { summary, lines };
}
