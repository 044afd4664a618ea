import { systemClock } from '../../cache/clock.ts';
import { withProducers } from '../plan/graph.ts';
import type { TaskId } from '../plan/plan.ts';
import { sweepWork } from '../worker/work-folders.ts';
import type { TaskResult } from './board.ts';
import { isFresh, noteResumed } from './detached.ts';
import { detectDevices } from './detect-devices.ts';
import { drive } from './drive.ts';
import type { Driven } from './drive.ts';
import { openDriverLog } from './driver-log.ts';
import type { RunCounts, RunEvent, RunOutcome } from './events.ts';
import { runNames } from './journal.ts';
import { beginJournal } from './journal-writer.ts';
import { newRunId } from './run-id.ts';
import { runFolder } from './run-folder.ts';
import type { RunOptions } from './run-options.ts';
import type { Happening } from './run-state.ts';
import { defaultSlots } from './slots.ts';
import { thinnedProgress } from './thinned-progress.ts';

export interface RunSummary {
  readonly run: string;
  /** The run's folder. */
  readonly dir: string;
  readonly outcome: RunOutcome;
  readonly counts: RunCounts;
  readonly durationMs: number;
  readonly results: ReadonlyMap<TaskId, TaskResult>;
  readonly slots: readonly string[];
  /** Whether any key depends on what this machine holds (data sets, files, programs), and not on the study's text alone. */
  readonly hasLooked: boolean;
}

/** Runs a plan to its end: every task cached, done, failed, blocked, or (when drained or stopped) not run. */
export async function runPlan(options: RunOptions): Promise<RunSummary> {
  const { plan, store, clock = systemClock } = options;
  const startedMs = clock.monotonicMs();
  const startedAt = new Date(clock.wallMs());
  const { detached } = options;
  const isAnnounced = detached !== undefined && isFresh(runFolder(store.runsDir, detached.run));
  const run = isAnnounced ? detached.run : newRunId(startedAt, (await runNames(store.runsDir))[0]);
  const folder = runFolder(store.runsDir, run);
  const journal = await beginJournal({
    folder,
    run,
    plan,
    sharing: store.sharing,
    member: options.member,
    sources: options.sources,
    startedAt: startedAt.toISOString(),
    only: options.only,
    driverJob: detached?.job,
  });
  if (detached !== undefined && !isAnnounced) await noteResumed(store, detached, run);
  const driverLog = openDriverLog(folder.driverLog, store);
  const slots = options.slots ?? defaultSlots(await detectDevices(process.env));
  const record = thinnedProgress(clock, (event) => {
    journal.append(event);
    driverLog.write(event);
    options.onEvent?.(event);
  });
  const emit = (happening: Happening): void => {
    const { kind, ...rest } = happening;
    record({ kind, at: new Date(clock.wallMs()).toISOString(), ...rest } as RunEvent);
  };
  // Workers keep a process up by their channels; a wait for other runs would not.
  const staying = setInterval(() => undefined, 1 << 30);
  try {
    await sweepWork(store.root);
    emit({
      kind: 'run-started',
      run,
      study: plan.study,
      tasks: options.only === undefined ? plan.tasks.size : withProducers(plan, options.only).size,
      slots: slots.map((slot) => slot.name),
    });
    for (const message of options.notes ?? []) emit({ kind: 'warning', message });
    using _ = options.listenForTroubles?.((message) => emit({ kind: 'warning', message }));
    const driven = await drive(options, { clock, slots, folder, emit, journalFailed: journal.failed });
    for (const file of store.actions.refresh()) {
      emit({
        kind: 'warning',
        message: `${file} was damaged; it has been made anew from the results themselves`,
      });
    }
    for (const file of store.fileIndex.damaged()) {
      emit({ kind: 'warning', message: `${file} was damaged; the files that it told of were read again` });
    }
    for (const message of store.untrusted?.() ?? []) emit({ kind: 'warning', message });
    const counts = driven.board.counts();
    const outcome = outcomeOf(driven, counts);
    const durationMs = Math.round(clock.monotonicMs() - startedMs);
    emit({ kind: 'run-finished', outcome, counts, durationMs });
    const { hasLooked } = driven;
    const { results } = driven.board;
    const names = slots.map((slot) => slot.name);
    return { run, dir: folder.dir, outcome, counts, durationMs, results, slots: names, hasLooked };
  } finally {
    clearInterval(staying);
    await journal.close();
    await driverLog.close();
  }
}

function outcomeOf({ drained }: Driven, counts: RunCounts): RunOutcome {
  if (drained === 'machine') return 'machine';
  if (drained === 'interrupt' && counts.notRun > 0) return 'interrupted';
  return counts.failed + counts.blocked + counts.notRun > 0 ? 'failed' : 'done';
}
