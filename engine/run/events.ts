import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { ProgressReport } from '../contract/task-context.ts';
import type { TaskId } from '../plan/plan.ts';

/** What happens in a run, in order. Written to the journal as JSON lines, shown by the terminal, printed by `--json`. */
export type RunEvent =
  | {
      readonly kind: 'run-started';
      readonly at: string;
      readonly run: string;
      readonly study: string;
      readonly tasks: number;
      readonly slots: readonly string[];
    }
  | {
      readonly kind: 'data-indexed';
      readonly at: string;
      readonly data: string;
      readonly part?: string;
      readonly files: number;
      readonly readBytes: number;
      readonly digest: Digest;
    }
  /** No result stands: the task is about to be computed. */
  | { readonly kind: 'task-keyed'; readonly at: string; readonly task: TaskId; readonly key: TaskKey }
  | {
      readonly kind: 'task-cached';
      readonly at: string;
      readonly task: TaskId;
      readonly key: TaskKey;
      readonly outputs: Outputs;
    }
  /** Somebody else is computing the same key; we wait for the result. */
  | {
      readonly kind: 'task-waiting';
      readonly at: string;
      readonly task: TaskId;
      readonly key: TaskKey;
      readonly owner: string;
    }
  | {
      readonly kind: 'task-started';
      readonly at: string;
      readonly task: TaskId;
      readonly key: TaskKey;
      readonly attempt: number;
      readonly slot: string;
      /** Process of the worker: of this host, or of that of its job. */
      readonly pid: number;
      /** Of a task that computes as a job of a cluster. */
      readonly job?: JobPlace;
      readonly resumed: boolean;
      /** Where what it writes can be read while it runs. Of runs of earlier versions it is not known. */
      readonly output?: TaskOutput;
    }
  | {
      readonly kind: 'task-progress';
      readonly at: string;
      readonly task: TaskId;
      readonly progress: ProgressReport;
    }
  | {
      readonly kind: 'task-done';
      readonly at: string;
      readonly task: TaskId;
      readonly key: TaskKey;
      readonly durationMs: number;
      readonly outputs: Outputs;
    }
  | {
      readonly kind: 'task-failed';
      readonly at: string;
      readonly task: TaskId;
      readonly attempt: number;
      readonly failure: TaskFailure;
      readonly willRetry: boolean;
    }
  | { readonly kind: 'task-blocked'; readonly at: string; readonly task: TaskId; readonly by: TaskId }
  | { readonly kind: 'slot-quarantined'; readonly at: string; readonly slot: string; readonly reason: string }
  | { readonly kind: 'warning'; readonly at: string; readonly message: string; readonly task?: TaskId }
  | { readonly kind: 'draining'; readonly at: string; readonly reason: 'interrupt' | 'machine' | 'fail-fast' }
  | {
      readonly kind: 'run-finished';
      readonly at: string;
      readonly outcome: RunOutcome;
      readonly counts: RunCounts;
      readonly durationMs: number;
    };

/** Where a job of a cluster runs. */
export interface JobPlace {
  /** As the cluster's own commands have it. */
  readonly id: string;
  readonly host: string;
  readonly partition?: string;
  /** What it computes on, e.g. `gpu-h200`. */
  readonly deviceClass: string;
}

/** The share of a task in what its worker writes. */
export interface TaskOutput {
  /** In the run's folder of logs. */
  readonly file: string;
  /** Byte at which it begins. */
  readonly from: number;
}

export type Outputs = { readonly [output: string]: Digest };

export type RunOutcome = 'done' | 'failed' | 'machine' | 'interrupted';

export interface RunCounts {
  readonly cached: number;
  readonly done: number;
  readonly failed: number;
  readonly blocked: number;
  readonly notRun: number;
}

/** Why an attempt at a task ended without a result. */
export type TaskFailure =
  /** The task's own code failed. Not retried unless the study says so. */
  | {
      readonly class: 'task';
      readonly message: string;
      /** The stack of what was thrown, with its causes. */
      readonly detail?: string;
      /** The end of what the task, or the program it started, had written. */
      readonly lastWords?: string;
    }
  /** The process or its machine went away. Retried; the slot is looked at. */
  | { readonly class: 'lost'; readonly message: string; readonly signal?: string; readonly exitCode?: number }
  | { readonly class: 'out-of-memory'; readonly message: string; readonly peakBytes: number }
  /** No space, no permission, no data: nothing else would fare better. */
  | { readonly class: 'machine'; readonly message: string }
  | { readonly class: 'remote'; readonly message: string }
  | { readonly class: 'data-changed'; readonly message: string }
  | { readonly class: 'timeout'; readonly message: string; readonly afterMs: number }
  | { readonly class: 'stall'; readonly message: string; readonly silentMs: number }
  | { readonly class: 'stopped'; readonly message: string };
