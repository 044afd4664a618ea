import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Coordinates, Facts } from './scalar.ts';

/**
 * What is known of how a study's results came to be: read from the store when a page is handed over, and written into that copy
 * (`ArtifactType.dress`). Never part of an artifact: times would change its bytes. It holds no host, user, environment or
 * absolute path.
 */
export interface StudyRecord {
  readonly study: string;
  /** The study file, relative to its workspace. */
  readonly file: string;
  /** The study file as it was run, comments and all; templates that it uses follow, by their paths. */
  readonly sources: readonly { readonly path: string; readonly text: string }[];
  /** Parameters as used. */
  readonly params: JsonObject;
  readonly smoke: boolean;
  /** That shows this study again, as typed in its workspace. */
  readonly command: string;
  /** Of what wrote this record. */
  readonly version: string;
  /** The run after which this was written; undefined for a page that was made between runs. */
  readonly run: RecordedRun | undefined;
  /** Every instance that the page rests on, producers before consumers. */
  readonly tasks: readonly TaskRecord[];
}

export interface RecordedRun {
  readonly run: string;
  readonly startedAt: string;
  readonly durationMs: number | undefined;
  readonly slots: readonly string[];
}

export interface TaskRecord {
  readonly address: string;
  /** Without coordinates. */
  readonly name: string;
  readonly kind: string;
  readonly coordinates: Coordinates;
  /** Resolved, defaults filled in; tasks with equal ones share them. Undefined where they are not known. */
  readonly options?: JsonObject;
  /** Data sets that it reads, shared likewise. */
  readonly data?: readonly DataRecord[];
  /** Of its outputs, merged. */
  readonly facts: Facts;
  /** Places in `StudyRecord.tasks` of what it reads. */
  readonly reads: readonly number[];
  /** That makes this one result again in a store that lacks it, as typed in the workspace. */
  readonly command: string;
  /** Undefined where there is no result yet. */
  readonly result: ResultRecord | undefined;
}

export interface DataRecord {
  /** Under which name the task takes it. */
  readonly input: string;
  /** As the study calls it. */
  readonly name: string;
  readonly adapter: string;
  /** Defaults filled in. */
  readonly options: JsonObject;
  readonly facts: Facts;
}

/**
 * Who made a result: this run, an earlier one, one whose result a remote or an archive had, or nobody knows. `member`: who ran
 * that, where they want to be named.
 */
export type MadeBy =
  | { readonly kind: 'this-run' | 'unknown' }
  | { readonly kind: 'run'; readonly run: string; readonly member?: string }
  | { readonly kind: 'remote'; readonly remote: string; readonly run?: string; readonly member?: string }
  | { readonly kind: 'archive'; readonly archive: string; readonly run?: string; readonly member?: string };

export interface ResultRecord {
  readonly key: TaskKey;
  readonly outputs: { readonly [output: string]: Digest };
  /** Who made it. */
  readonly madeBy: MadeBy;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly deviceClass: string;
  readonly backend: string;
  readonly versions: { readonly [component: string]: string };
  readonly peakMemoryBytes: number | undefined;
  /** The last lines of its log; undefined where it said nothing, or the log is gone. */
  readonly log: string | undefined;
}
