import type { ProgressReport } from '../../engine/contract/task-context.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import type { RunEvent, TaskFailure } from '../../engine/run/events.ts';

/** What a person wants to know of a run at a moment, folded from its events. */
export interface RunView {
  readonly study: string;
  readonly total: number;
  readonly slots: readonly string[];
  readonly cached: number;
  readonly done: number;
  readonly failures: readonly { readonly task: TaskId; readonly failure: TaskFailure }[];
  readonly blocked: number;
  readonly running: ReadonlyMap<TaskId, RunningTask>;
  readonly waiting: ReadonlyMap<TaskId, string>;
  readonly draining: 'interrupt' | 'machine' | 'fail-fast' | undefined;
}

export interface RunningTask {
  readonly task: TaskId;
  readonly slot: string;
  readonly startedMs: number;
  readonly attempt: number;
  readonly resumed: boolean;
  readonly progress: ProgressReport | undefined;
}

export const emptyView: RunView = {
  study: '',
  total: 0,
  slots: [],
  cached: 0,
  done: 0,
  failures: [],
  blocked: 0,
  running: new Map(),
  waiting: new Map(),
  draining: undefined,
};

/** The view after one more event. Pure: the same events give the same view. */
export function afterEvent(view: RunView, event: RunEvent): RunView {
  switch (event.kind) {
    case 'run-started':
      return { ...view, study: event.study, total: event.tasks, slots: event.slots };
    case 'task-cached':
      return { ...without(view, event.task), cached: view.cached + 1 };
    case 'task-waiting':
      return { ...view, waiting: new Map(view.waiting).set(event.task, event.owner) };
    case 'task-started':
      return {
        ...without(view, event.task),
        running: new Map(view.running).set(event.task, {
          task: event.task,
          slot: event.slot,
          startedMs: Date.parse(event.at),
          attempt: event.attempt,
          resumed: event.resumed,
          progress: undefined,
        }),
      };
    case 'task-progress': {
      const task = view.running.get(event.task);
      if (task === undefined) return view;
      return {
        ...view,
        running: new Map(view.running).set(event.task, { ...task, progress: event.progress }),
      };
    }
    case 'task-done':
      return { ...without(view, event.task), done: view.done + 1 };
    case 'task-failed': {
      const next = without(view, event.task);
      return event.willRetry
        ? next
        : { ...next, failures: [...view.failures, { task: event.task, failure: event.failure }] };
    }
    case 'task-blocked':
      return { ...view, blocked: view.blocked + 1 };
    case 'draining':
      return { ...view, draining: event.reason };
    case 'task-keyed':
    case 'data-indexed':
    case 'slot-quarantined':
    case 'warning':
    case 'run-finished':
      return view;
  }
}

/** How many instances have come to an end, whatever it was. */
export function settled(view: RunView): number {
  return view.cached + view.done + view.failures.length + view.blocked;
}

function without(view: RunView, task: TaskId): RunView {
  if (!view.running.has(task) && !view.waiting.has(task)) return view;
  const running = new Map(view.running);
  const waiting = new Map(view.waiting);
  running.delete(task);
  waiting.delete(task);
  return { ...view, running, waiting };
}
