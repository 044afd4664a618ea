import type { ActionResult } from '../cache/action-store.ts';
import type { Digest } from '../cache/digest.ts';
import type { JsonObject } from '../cache/json.ts';
import type { ManifestFile } from '../cache/manifest.ts';
import type { CacheUses } from '../engine/run/cache-use.ts';
import type { RemoteUse } from '../cache/remotes/remote-use.ts';
import type { StoreStats } from '../cache/upkeep/store-stats.ts';
import type { LeftOut } from '../engine/plan/plan.ts';
import type { RunRecord } from '../engine/run/journal.ts';
import type { Sighting } from '../engine/run/sightings.ts';
import type { Cause, TaskWhy } from '../engine/run/task-why.ts';
import type { jsonFormat } from './json-format.ts';
import type { DriverProcess } from './driver-process.ts';
import type { RunState } from './run-state.ts';
import type { TaskRow } from './task-table.ts';
import type { TaskSheet } from './task-sheet.ts';

// What commands that only ask answer under `--json`, each as one document.

/** `sweetspot why --json`. */
export interface WhyDocument {
  readonly format: typeof jsonFormat;
  readonly study: string;
  /** Those that were asked for, in the plan's order. */
  readonly tasks: readonly WhyTask[];
  /** The same, by what made them so; the largest first. */
  readonly groups: readonly WhyGroup[];
  /** What an `if` keeps out of the plan. */
  readonly leftOut: readonly LeftOut[];
}

export type WhyTask = Omit<TaskWhy, 'causes'> & {
  /** In one sentence. */
  readonly reason: string;
  readonly causes: readonly (Cause & { readonly text: string })[];
};

export interface WhyGroup {
  readonly state: TaskWhy['standing']['state'];
  /** In words. */
  readonly causes: readonly string[];
  readonly tasks: readonly string[];
}

/** `sweetspot ls --json`. */
export interface RunsDocument {
  readonly format: typeof jsonFormat;
  readonly kind: 'runs';
  /** The newest first. */
  readonly runs: readonly (Omit<RunRecord, 'live' | 'driverLiveness' | 'driver' | 'waits'> & {
    readonly state: RunState;
    readonly driver: DriverProcess;
  })[];
}

/** `sweetspot ls ADDRESS --json`. */
export interface RowsDocument {
  readonly format: typeof jsonFormat;
  readonly kind: 'tasks';
  readonly run: string;
  readonly tasks: readonly TaskRow[];
}

/** `sweetspot show --json` of tasks. */
export interface SheetsDocument {
  readonly format: typeof jsonFormat;
  readonly kind: 'tasks';
  readonly tasks: readonly TaskSheet[];
}

/** `sweetspot show --json` of an artifact. */
export interface ArtifactDocument {
  readonly format: typeof jsonFormat;
  readonly kind: 'artifact';
  readonly digest: Digest;
  readonly files: readonly ManifestFile[];
  readonly sizeBytes: number;
  /** Whether all its bytes are in the store. */
  readonly isComplete: boolean;
  readonly madeBy: readonly Pick<Sighting, 'run' | 'task' | 'output' | 'how'>[];
}

/** `sweetspot show --json` of a key that no recorded run had. */
export interface ResultDocument {
  readonly format: typeof jsonFormat;
  readonly kind: 'result';
  readonly result?: ActionResult;
  readonly action?: JsonObject;
}

/** `sweetspot cache stats --json`. */
export type StatsDocument = StoreStats &
  CacheUses & {
    readonly format: typeof jsonFormat;
    /** Absolute path. */
    readonly store: string;
    /** What each remote has been good for, by all processes that have used this store. */
    readonly remotes: readonly (RemoteUse & { readonly remote: string })[];
    /** How much the blobs are to hold at most; absent where there is no limit. */
    readonly quotaBytes?: number;
  };
