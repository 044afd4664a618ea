import { setTimeout as delay } from 'node:timers/promises';
import type { Store } from '../../cache/store.ts';
import { JournalTail } from '../../engine/run/journal-tail.ts';
import { readRecord } from '../../engine/run/journal.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import type { RunEvent } from '../../engine/run/events.ts';

/** About as long as events are gathered before they are written. */
const lookMs = 150;

/** Tells every event of a run, those before first, until the run is over (or its driver gone), or `signal` is aborted. */
export async function watchRun(request: {
  readonly store: Store;
  readonly run: string;
  readonly onEvent: (event: RunEvent) => void;
  readonly signal: AbortSignal;
}): Promise<'over' | 'left'> {
  const { store, run, onEvent, signal } = request;
  const tail = new JournalTail(runFolder(store.runsDir, run).eventsFile);
  while (!signal.aborted) {
    // Looked at before the events are: what a driver wrote last is then read for certain.
    const isGone = (await readRecord(store.runsDir, run))?.driverLiveness === 'dead';
    for (const event of await tail.read()) onEvent(event);
    if (isGone) return 'over';
    await delay(lookMs, undefined, { signal }).catch(() => undefined);
  }
  return 'left';
}
