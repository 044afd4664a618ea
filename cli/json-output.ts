import type { Digest, TaskKey } from '../cache/digest.ts';
import type { ProgressReport } from '../engine/contract/task-context.ts';
import type { LockDifference } from '../engine/lock/compare-lock.ts';
import type { TaskId } from '../engine/plan/plan.ts';
import type { AssessmentProblem, TaskAssessment } from '../engine/run/assess-plan.ts';
import type { ChangedSource } from '../engine/run/changed-sources.ts';
import type { RunComparison } from '../engine/run/compare-runs.ts';
import type { DrainReason } from '../engine/run/run-state.ts';
import type { JobPlace, Outputs, RunEvent, RunOutcome, TaskFailure } from '../engine/run/events.ts';
import type { RunEnd } from '../engine/run/journal.ts';
import type { RecordedState } from '../engine/run/recorded-tasks.ts';
import type {
  ArtifactDocument,
  ResultDocument,
  RowsDocument,
  RunsDocument,
  SheetsDocument,
  StatsDocument,
  WhyDocument,
} from './json-answers.ts';
import type { DriverProcess } from './driver-process.ts';
import type { jsonFormat } from './json-format.ts';
import type { OriginFields } from './origin-text.ts';
import type { RunState } from './run-state.ts';
import type { CutOff } from './status/cut-off.ts';
import type { DifferingOutput } from '../engine/worker/protocol.ts';

// What `--json` prints. docs/json-output.schema.json is generated from these types (`npm run json-schema`), their comments
// included; docs/json-output.md explains them. What an older reader cannot read any more raises `jsonFormat`.

export type * from './error-line.ts';
export type * from './json-answers.ts';

/** A line of `sweetspot run --json` on standard output. The first is of kind `format`, the last of kind `exit`. */
export type RunLine =
  | {
      /** The first line of all. */
      readonly kind: 'format';
      readonly format: typeof jsonFormat;
      /** Version of sweetspot. */
      readonly sweetspot: string;
    }
  | RunEvent
  | {
      /** `--detach`: the run's driver is a job of the cluster from now on. */
      readonly kind: 'detached';
      readonly run: string;
      /** As the cluster's own commands have it. */
      readonly job: string;
    }
  | {
      /** Reports, tables and files have been copied to where people look. */
      readonly kind: 'delivered';
      /** Absolute paths. */
      readonly paths: readonly string[];
    }
  | {
      /** `--locked`: one thing in which the study is not what its lock says. */
      readonly kind: 'lock-difference';
      readonly difference: LockDifference;
    }
  | {
      /** `--locked`: how many tasks were compared with what outcome. */
      readonly kind: 'lock-compared';
      /** Absolute path of the lock. */
      readonly lock: string;
      readonly differences: number;
      /** Tasks whose outputs are those of the lock. */
      readonly same: number;
      /** Tasks whose keys differ only because of what they read. */
      readonly follow: number;
      /** Tasks without a result. */
      readonly unknown: number;
    }
  | {
      /** `--write-lock`, and `sweetspot lock --json`. */
      readonly kind: 'lock-written';
      /** Absolute path of the lock. */
      readonly lock: string;
      readonly tasks: number;
    }
  | {
      /** The last line of all. Where it is missing, sweetspot was killed. */
      readonly kind: 'exit';
      /** As the process exits. */
      readonly code: number;
    };

/** `sweetspot plan --json`, and `sweetspot run --dry-run --json`. */
export interface PlanDocument {
  readonly format: typeof jsonFormat;
  readonly study: string;
  /** Absolute path of the study file. */
  readonly file: string;
  readonly smoke: boolean;
  readonly slots: readonly string[];
  readonly counts: PlanCounts;
  /** In the plan's order; with `--only`, those and what they need. */
  readonly tasks: readonly PlanTask[];
  /** Tasks that cannot be keyed on this machine: the exit code is 3. */
  readonly problems: readonly AssessmentProblem[];
}

export interface PlanCounts {
  readonly cached: number;
  readonly run: number;
  readonly ifChanged: number;
  /** Time expected of all that is not cached, one after the other; absent where nothing is known of some of it. */
  readonly workMs?: number;
  /** The least it takes on these slots; absent likewise. */
  readonly leastMs?: number;
}

export type PlanTask = Omit<TaskAssessment, 'task' | 'key' | 'outputs' | 'estimateMs'> & {
  readonly task: TaskId;
  readonly key?: NonNullable<TaskAssessment['key']>;
  readonly outputs?: NonNullable<TaskAssessment['outputs']>;
  readonly estimateMs?: number;
};

/** `sweetspot cache verify --rerun --json`. */
export interface RerunDocument {
  readonly format: typeof jsonFormat;
  readonly study: string;
  /** Absolute path of the study file. */
  readonly file: string;
  readonly counts: {
    readonly same: number;
    /** The exit code is 1. */
    readonly differs: number;
    /** Tasks that did not come to a result this time. */
    readonly failed: number;
    /** Tasks that could not be run, because bytes that they read are not in the store any more. */
    readonly inputsMissing: number;
    /** Interrupted before its turn or its end. */
    readonly notRun: number;
    /** Tasks that were named and have no result to compare with. */
    readonly notCached: number;
  };
  /** In the plan's order. */
  readonly tasks: readonly RerunTask[];
}

export interface RerunTask {
  readonly task: TaskId;
  readonly key: TaskKey;
  readonly state: 'same' | 'differs' | 'failed' | 'inputs-missing' | 'not-run';
  /** Class of the device on which the recorded result was made. */
  readonly recordedOn?: string;
  /** Class of the device on which it ran this time. Only on the same one is a difference the task's own. */
  readonly ranOn?: string;
  readonly durationMs?: number;
  /** The outputs that came out otherwise. */
  readonly differing?: readonly DifferingOutput[];
  readonly failure?: TaskFailure;
  /** Artifacts whose bytes are gone. */
  readonly digests?: readonly Digest[];
}

/** `sweetspot lock --check --json`. */
export interface LockDocument {
  readonly format: typeof jsonFormat;
  /** Absolute path of the lock. */
  readonly lock: string;
  readonly same: number;
  readonly follow: number;
  readonly unknown: number;
  readonly differences: readonly LockDifference[];
}

/** `sweetspot status --json`. */
export interface StatusDocument {
  readonly format: typeof jsonFormat;
  readonly kind: 'status';
  readonly run: string;
  readonly study: string;
  /** Absolute path of the study file. */
  readonly file: string;
  readonly startedAt: string;
  /** `killed`: without an end, and its driver is gone; `unknown`: likewise, with its driver on another machine. */
  readonly state: RunState;
  readonly driver: DriverProcess;
  /** The run that its driver's job went on with, after it was begun anew. */
  readonly resumedBy?: string;
  /** Time of the last event. */
  readonly lastAt?: string;
  readonly slots: readonly string[];
  /** Why nothing more begins, where that is so. */
  readonly draining?: DrainReason;
  /** Absent as long as it runs, and where it was killed. */
  readonly outcome?: RunOutcome;
  readonly end?: RunEnd;
  /** Of a live run: time expected until it ends; absent where nothing is known. */
  readonly left?: {
    readonly expectedMs: number;
    /** Whether some of what is left was never measured, so that it will take longer. */
    readonly isLeast: boolean;
  };
  /** Files of the study that are not as they were when the run began. */
  readonly changed: readonly ChangedSource[];
  /** Of a killed run: what became of the tasks that its workers had in hand. */
  readonly cutOff: readonly CutOff[];
  readonly warnings: readonly string[];
  /** Those that the run was to settle, in the plan's order. */
  readonly tasks: readonly StatusTask[];
}

export interface StatusTask extends OriginFields {
  readonly task: string;
  /** `waiting`: another run computes it; `pending`: not begun. */
  readonly state: RecordedState;
  readonly key?: TaskKey;
  readonly outputs?: Outputs;
  readonly attempt?: number;
  /** When its last attempt began. */
  readonly startedAt?: string;
  readonly durationMs?: number;
  readonly slot?: string;
  /** Process of its worker. */
  readonly pid?: number;
  /** Where it ran as a job of a cluster; the process is of that host. */
  readonly job?: JobPlace;
  readonly resumed?: boolean;
  readonly progress?: ProgressReport;
  /** Of the last attempt that failed, also where it was tried again since. */
  readonly failure?: TaskFailure;
  /** Who computes it for another run. */
  readonly owner?: string;
  /** The task that failed. */
  readonly blockedBy?: string;
  /** Of a pending one: tasks right before it that have no result yet. */
  readonly waitsFor?: readonly string[];
}

/** `sweetspot diff RUN RUN --json`. */
export interface DiffDocument {
  readonly format: typeof jsonFormat;
  readonly kind: 'diff';
  readonly before: DiffedRun;
  readonly after: DiffedRun;
  readonly study: RunComparison;
  /** Tasks that both runs have, by what became of their results. */
  readonly results: {
    /** The same bytes, whatever their keys. */
    readonly same: number;
    readonly other: number;
    /** Of `other`: with the same key. */
    readonly remade: number;
    /** One of the runs has no result. */
    readonly open: number;
  };
  readonly scores: {
    /** Metrics whose means differ: scores before losses and what training says of itself, each by the largest relative change. */
    readonly changes: readonly {
      readonly task: string;
      /** `accuracy`, `localisation`, `training`, … */
      readonly measure: string;
      readonly metric: string;
      readonly unit: string;
      readonly higherIsBetter: boolean;
      /** Means; null where there is none. */
      readonly before: number | null;
      readonly after: number | null;
    }[];
    /** How many metrics have equal means. */
    readonly equal: number;
    /** Tasks whose scores are no longer in the store. */
    readonly gone: readonly string[];
  };
}

export interface DiffedRun {
  readonly run: string;
  readonly study: string;
  readonly state: RunState;
  /** Tasks without a result. */
  readonly unfinished: number;
}

/** What a command prints as its whole answer. */
export type Document =
  | PlanDocument
  | StatusDocument
  | DiffDocument
  | LockDocument
  | RerunDocument
  | WhyDocument
  | RunsDocument
  | RowsDocument
  | SheetsDocument
  | ArtifactDocument
  | ResultDocument
  | StatsDocument;
