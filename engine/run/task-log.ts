import { open, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store } from '../../cache/store.ts';
import { taskId } from '../plan/plan.ts';
import { withoutChatter } from '../worker/task-output.ts';
import type { RunEvent, TaskFailure, TaskOutput } from './events.ts';
import type { RecordedTask } from './recorded-tasks.ts';
import { runFolder, taskLogFile } from './run-folder.ts';

/** One attempt at a task in a run, as its events tell. */
export interface RecordedAttempt {
  readonly attempt: number;
  readonly startedAt: string;
  readonly slot: string;
  readonly output: TaskOutput | undefined;
  /** Undefined while it runs. */
  readonly end:
    { readonly kind: 'done' } | { readonly kind: 'failed'; readonly failure: TaskFailure } | undefined;
}

/** Every attempt at a task, in order. */
export function attemptsOf(events: readonly RunEvent[], task: string): readonly RecordedAttempt[] {
  const attempts: RecordedAttempt[] = [];
  for (const event of events) {
    if (!('task' in event) || event.task !== task) continue;
    const last = attempts.at(-1);
    if (event.kind === 'task-started') {
      const { attempt, at: startedAt, slot, output } = event;
      attempts.push({ attempt, startedAt, slot, output, end: undefined });
    } else if (last !== undefined && event.kind === 'task-done') {
      attempts[attempts.length - 1] = { ...last, end: { kind: 'done' } };
    } else if (last !== undefined && event.kind === 'task-failed') {
      attempts[attempts.length - 1] = { ...last, end: { kind: 'failed', failure: event.failure } };
    }
  }
  return attempts;
}

/** Where a text came from: an attempt of the run that was asked, or the run that made the result. */
export type TaskLog =
  | { readonly kind: 'of-attempt'; readonly text: string }
  | { readonly kind: 'of-result'; readonly text: string; readonly startedAt: string };

/**
 * What a task said: in that attempt (or the last) of the run; where it was cached, what it said when its result was
 * computed. Undefined where it said nothing, or has not run.
 */
export async function readTaskLog(request: {
  readonly store: Store;
  readonly run: string;
  readonly task: RecordedTask;
  readonly attempt: RecordedAttempt | undefined;
}): Promise<TaskLog | undefined> {
  const { store, run, task, attempt } = request;
  const folder = runFolder(store.runsDir, run);
  if (attempt !== undefined) {
    const path = taskLogFile(folder, taskId(task.task), attempt.attempt);
    const text = await readFile(path, 'utf8').catch(() => undefined);
    if (text !== undefined) return { kind: 'of-attempt', text };
    // A worker that runs, or was killed, has left no more than what lies in its own output. After an end of another kind
    // the task had said nothing, and what follows there is of others.
    const isOpen = attempt.end === undefined;
    const wasKilled = attempt.end?.kind === 'failed' && attempt.end.failure.class !== 'task';
    const said =
      attempt.output !== undefined && (isOpen || wasKilled)
        ? withoutChatter(await readFrom(join(folder.logsDir, attempt.output.file), attempt.output.from))
        : '';
    return said === '' ? undefined : { kind: 'of-attempt', text: said };
  }
  if (task.key === undefined) return undefined;
  const found = await store.actions.get(task.key);
  if (found.kind !== 'found') return undefined;
  const { log, startedAt } = found.result.provenance;
  const blob = log === undefined ? undefined : await store.blobs.read(log);
  return blob?.kind === 'found'
    ? { kind: 'of-result', text: new TextDecoder().decode(blob.bytes), startedAt }
    : undefined;
}

/** More of a running task's output than this keeps its end. */
const mostBytes = 8_000_000;

/** What a file holds from a byte on; empty where there is no file. */
export async function readFrom(path: string, from: number): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size <= from) return '';
    const begin = Math.max(from, size - mostBytes);
    await using file = await open(path, 'r');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - begin), 0, size - begin, begin);
    const text = buffer.toString('utf8', 0, bytesRead);
    return begin === from ? text : `… ${begin - from} bytes left out …\n${text}`;
  } catch {
    return '';
  }
}
