import type { ActionResult } from '../../cache/action-store.ts';
import type { TaskKey } from '../../cache/digest.ts';
import type { TaskId } from '../plan/plan.ts';
import type { Difference } from './compare-actions.ts';
import type { DataComparison } from './compare-data.ts';
import type { TaskFailure } from './events.ts';
import type { ChangedParam } from './explained-by-param.ts';

/** What the next run will do with a task, and why. */
export interface TaskWhy {
  readonly task: TaskId;
  readonly standing: Standing;
  /** Undefined where an input's producer has no result yet. */
  readonly key: TaskKey | undefined;
  /** What the key is compared with; undefined where there is nothing, or no need. */
  readonly against: Against | undefined;
  /** Every field that is not the same there. */
  readonly changes: readonly Change[];
  /** Where the changes come from: followed through the tasks before it, to what somebody did. */
  readonly causes: readonly Cause[];
}

export type Standing =
  | {
      readonly state: 'cached';
      readonly result: ActionResult;
      readonly madeIn: string | undefined;
      /** Name of the remote that it came from. */
      readonly from?: string;
      /** Name of the archive that it was imported from. */
      readonly archive?: string;
    }
  /** This very key is being computed. */
  | { readonly state: 'running'; readonly run: string; readonly slot: string | undefined }
  /** This very key failed, and nothing has changed since. */
  | {
      readonly state: 'failed';
      readonly run: string;
      readonly attempt: number;
      readonly failure: TaskFailure;
    }
  /** By a task that failed, as it still stands. */
  | { readonly state: 'blocked'; readonly run: string; readonly by: TaskId; readonly failure: TaskFailure }
  | { readonly state: 'run'; readonly reason: RunReason }
  /** A task that it follows has no result, so that its key is not known. */
  | { readonly state: 'if-changed'; readonly follows: TaskId }
  /** It cannot be keyed on this machine. */
  | { readonly state: 'unusable'; readonly message: string; readonly hint?: string };

export type RunReason =
  | { readonly kind: 'changed' }
  /** Nothing with its address has been keyed before. */
  | { readonly kind: 'new'; readonly runs: number }
  /** An earlier run began with this very key and did not come to its end. */
  | { readonly kind: 'unfinished'; readonly run: string; readonly end: string; readonly snapshot: boolean }
  /** An earlier run had a result for this very key. */
  | { readonly kind: 'result-gone'; readonly run: string }
  | { readonly kind: 'bytes-gone'; readonly detail: string };

export interface Against {
  readonly key: TaskKey;
  readonly task: TaskId;
  /** The run that knew it; undefined where only its result is known. */
  readonly run: string | undefined;
  /** `alike`: no run had this very address; another task of its kind differs in the fewest fields. */
  readonly how: 'same-task' | 'alike';
}

export interface Change extends Difference {
  /** Of an input: whose output it was and is. */
  readonly from?: { readonly before: string | undefined; readonly after: string | undefined };
  /** The producer has no result for its key yet; the digest here only stands in for its output. */
  readonly notMade?: boolean;
  readonly data?: DataComparison;
  /** A parameter of the study whose new value gives this change. */
  readonly param?: ChangedParam;
}

export type Cause =
  | { readonly kind: 'changed'; readonly task: TaskId; readonly change: Change }
  /** The task's key is the same as in the run compared with, and its output is not. */
  | { readonly kind: 'remade'; readonly task: TaskId; readonly output: string }
  /** Nothing is known of it before. */
  | { readonly kind: 'new'; readonly task: TaskId };

/** The same for causes that are one. */
export function causeName(cause: Cause): string {
  switch (cause.kind) {
    case 'changed': {
      const { change } = cause;
      if (change.param !== undefined) return `params.${change.param.name}`;
      if (change.data !== undefined) return `data.${change.data.data}.${change.data.part ?? ''}`;
      return `${cause.task} ${change.field}`;
    }
    case 'remade':
      return `${cause.task}.${cause.output} remade`;
    case 'new':
      return `${cause.task} new`;
  }
}
