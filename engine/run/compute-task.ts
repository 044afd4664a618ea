import type { KeyedTask } from '../keys/keyer.ts';
import { whyUnreadable } from '../keys/recorded-data.ts';
import type { PlannedTask } from '../plan/plan.ts';
import { announceCached, announceDone, announceFailed } from './announce.ts';
import type { Computed, TaskResult } from './board.ts';
import type { TaskFailure } from './events.ts';
import { lookUp } from './key-task.ts';
import { makeJob } from './make-job.ts';
import { taskLogFile } from './run-folder.ts';
import type { RunState } from './run-state.ts';
import type { JobWatch } from './attempt.ts';

/** How often a worker that went away is replaced for one task, when no attempt left a snapshot. */
const lossesBorne = 2;
/** Another's claim is looked at after this long, then twice as long, up to the longest. */
const firstLookMs = 500;
const longestLookMs = 10_000;

/** Attempt after attempt, until one has a result or no more is due. `again` computes though a result stands. */
export async function computeTask(
  run: RunState,
  task: PlannedTask,
  keyed: KeyedTask,
  { again }: { readonly again: boolean },
): Promise<Computed> {
  const { key } = keyed.keyed;
  const unreadable = whyUnreadable({ data: keyed.data.values(), absentFiles: keyed.absentFiles });
  if (unreadable !== undefined) {
    const message = `${unreadable.message} (${unreadable.hint})`;
    return announceFailed(run, task, { class: 'machine', message });
  }
  run.emit({ kind: 'task-keyed', task: task.id, key });
  const tries = { failures: 0, losses: 0 };
  run.learnOrder();
  const job = await makeJob(run, task, keyed, again);
  const hasDrained = (): boolean => run.drained.aborted;
  await run.bringInputs(task);
  for (let attempt = 1; !hasDrained(); attempt++) {
    const logFile = taskLogFile(run.folder, task.id, attempt);
    const end = await run.dispatcher.submit(task, { ...job, logFile }, watchOf(run, task, keyed, attempt));
    if ('kind' in end) return { kind: 'not-run' };
    const { ending, saved } = end;
    switch (ending.kind) {
      case 'done':
        return announceDone(run, task, key, ending);
      case 'found':
        return announceCached(run, task, key, ending.outputs);
      case 'inputs-missing':
        return ending;
      case 'compared':
        throw new Error(`${task.id} was to be computed, not compared`);
      case 'held': {
        run.emit({ kind: 'task-waiting', task: task.id, key, owner: ending.owner });
        const result = await waitForOther(run, task, keyed);
        if (result !== undefined) return result;
        break;
      }
      case 'failed': {
        const { failure } = ending;
        if (failure.class === 'stopped' && hasDrained()) return { kind: 'not-run' };
        if (!isRetried(failure, { saved, retries: task.retries, tries })) {
          return announceFailed(run, task, failure, attempt);
        }
        run.emit({ kind: 'task-failed', task: task.id, attempt, failure, willRetry: true });
        break;
      }
    }
  }
  return { kind: 'not-run' };
}

function watchOf(run: RunState, task: PlannedTask, keyed: KeyedTask, attempt: number): JobWatch {
  return {
    timeoutMs: task.timeoutMs,
    stallMs: task.stallMs,
    onStarted: (started) => {
      run.emit({ kind: 'task-started', task: task.id, key: keyed.keyed.key, attempt, ...started });
    },
    onProgress: (progress) => run.emit({ kind: 'task-progress', task: task.id, progress }),
    onWarning: (message) => run.emit({ kind: 'warning', task: task.id, message }),
  };
}

function isRetried(
  failure: TaskFailure,
  state: {
    readonly saved: boolean;
    readonly retries: number;
    readonly tries: { failures: number; losses: number };
  },
): boolean {
  switch (failure.class) {
    case 'lost':
    case 'stopped':
      // The task was taken away from its worker. An attempt that left a snapshot has brought it forward, and costs nothing.
      state.tries.losses = state.saved ? 0 : state.tries.losses + 1;
      return state.tries.losses <= lossesBorne;
    case 'task':
    case 'out-of-memory':
    case 'timeout':
    case 'stall':
      return ++state.tries.failures <= state.retries;
    case 'machine':
    case 'remote':
    case 'data-changed':
      return false;
  }
}

/** Waits while somebody else computes the key: for the result, or (undefined) until it is worth another attempt. */
async function waitForOther(
  run: RunState,
  task: PlannedTask,
  keyed: KeyedTask,
): Promise<TaskResult | undefined> {
  for (let waitMs = firstLookMs; ; waitMs *= 2) {
    await pause(run, Math.min(waitMs, longestLookMs));
    if (run.drained.aborted) return { kind: 'not-run' };
    const standing = await lookUp(run, task, keyed, { anew: true });
    if (standing !== undefined) return standing;
    // Whoever owns it now may be dead: trying to claim finds out.
    if (waitMs >= longestLookMs || (await run.store.claims.owner(keyed.keyed.key)) === undefined)
      return undefined;
  }
}

/** Resolves after a time, or at once when the run drains. */
function pause(run: RunState, durationMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      timer[Symbol.dispose]();
      run.drained.removeEventListener('abort', done);
      resolve();
    };
    const timer = run.clock.every(durationMs, done);
    run.drained.addEventListener('abort', done);
  });
}
