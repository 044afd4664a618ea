import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import type { Store } from '../cache/store.ts';
import { JournalTail } from '../engine/run/journal-tail.ts';
import { readRecord } from '../engine/run/journal.ts';
import { foldTasks } from '../engine/run/recorded-tasks.ts';
import { runFolder } from '../engine/run/run-folder.ts';
import { attemptsOf, readFrom, readTaskLog } from '../engine/run/task-log.ts';
import type { RecordedAttempt } from '../engine/run/task-log.ts';
import { withoutChatter } from '../engine/worker/task-output.ts';
import type { RunEvent } from '../engine/run/events.ts';

/** Longer than events are gathered before they are written, so that an end is known before what follows it in the output. */
const lookMs = 200;

/** How following came to its end. */
export type Followed =
  | { readonly kind: 'ended'; readonly attempt: RecordedAttempt | undefined }
  /** The run is over, or its driver is gone, and the task is not. */
  | { readonly kind: 'run-over' };

/**
 * Writes what a task says as it says it, from its beginning, attempt after attempt, until the task or its run ends. A task
 * that has not begun is waited for.
 */
export async function followLog(request: {
  readonly store: Store;
  readonly run: string;
  readonly task: string;
  readonly write: (text: string) => void;
  /** Told of each attempt after the first. */
  readonly onAttempt: (attempt: RecordedAttempt) => void;
}): Promise<Followed> {
  const { store, run, task, write, onAttempt } = request;
  const folder = runFolder(store.runsDir, run);
  const tail = new JournalTail(folder.eventsFile);
  const events: RunEvent[] = [];
  let following = 0;
  let said = '';
  let seen = '';
  for (;;) {
    const live = (await readRecord(store.runsDir, run))?.live === true;
    for (const event of await tail.read()) if ('task' in event && event.task === task) events.push(event);
    const attempts = attemptsOf(events, task);
    for (const attempt of attempts.slice(following)) {
      if (following > 0) onAttempt(attempt);
      if (attempt.end === undefined) {
        // Shown once the next look has found the task still running: what was read is then its own.
        write(seen.slice(said.length));
        said = seen;
        if (attempt.output !== undefined) {
          const { file, from } = attempt.output;
          seen = wholeLines(withoutChatter(await readFrom(join(folder.logsDir, file), from)));
        }
        if (live) break;
      }
      const recorded = foldTasks([], events).get(task);
      const whole = recorded && (await readTaskLog({ store, run, task: recorded, attempt }));
      if (whole?.text.startsWith(said) === true) write(whole.text.slice(said.length));
      following += 1;
      said = seen = '';
      if (attempt.end === undefined) return { kind: 'run-over' };
      const isLast = following === attempts.length && !willGoOn(events);
      if (isLast) return { kind: 'ended', attempt };
    }
    if (attempts.length === 0 && events.some(({ kind }) => kind === 'task-cached' || kind === 'task-blocked'))
      return { kind: 'ended', attempt: undefined };
    if (!live) return { kind: 'run-over' };
    await delay(lookMs);
  }
}

function willGoOn(events: readonly RunEvent[]): boolean {
  const last = events.findLast(({ kind }) => kind === 'task-failed' || kind === 'task-done');
  return last?.kind === 'task-failed' && last.willRetry;
}

/** Without a last line that is still being written. */
function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}
