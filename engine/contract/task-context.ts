import type { Digest } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Coordinates, Facts } from './scalar.ts';

/** A task kind's code. Resolves when the outputs are written; what it throws is a failure of class `task`. */
export type RunTask = (context: TaskContext) => Promise<void>;

/** All that a running task may touch. Only typed arrays, files and JSON cross the processes. */
export interface TaskContext {
  /** With defaults filled in and names resolved. */
  readonly options: JsonObject;
  /**
   * What the kind's `identify` found on the machine when the key was made; empty where it has none. A file may have changed
   * since: what is read now has to be compared, or its result would be stored under the key of another.
   */
  readonly identity: JsonObject;
  /** A single artifact input. Throws where the contract declares no such input. */
  artifact(input: string): InputArtifact;
  /** Undefined where an optional input was not given. */
  optionalArtifact(input: string): InputArtifact | undefined;
  /** A gathered input, in plan order; empty where optional and not given. */
  artifacts(input: string): readonly InputArtifact[];
  /** Of a gathered input: what has no result yet. Empty but where a kind that is `anytime` is asked how things stand. */
  absent(input: string): readonly AbsentInput[];
  /** The names given under an `artifact-map` input, in plan order; each is read with `artifact('INPUT.NAME')`. */
  inputNames(input: string): readonly string[];
  data(input: string): InputData;
  optionalData(input: string): InputData | undefined;
  /** The (existing, empty) folder to write an output into. */
  output(name: string): string;
  /** The study file's folder, for kinds that read files named relative to it (and key them by `identify`). */
  readonly studyDir: string;
  /** A folder for temporary files, removed afterwards. */
  readonly scratchDir: string;
  /** States facts of an output as found; compared with what the plan promised. */
  stateFacts(output: string, facts: Facts): void;
  readonly snapshots: TaskSnapshots;
  progress(report: ProgressReport): void;
  readonly log: TaskLog;
  /** Aborted when the task is to stop. Its `reason` is a `StopReason`. Tasks that can snapshot do so first. */
  readonly signal: AbortSignal;
  readonly device: DeviceInfo;
  readonly smoke: boolean;
}

export interface InputArtifact {
  readonly digest: Digest;
  readonly facts: Facts;
  /** Empty for a single input. */
  readonly coordinates: Coordinates;
  /** Folder with the verified, materialised files. Read only. */
  readonly dir: string;
}

/** What an input will be, told by the plan. */
export interface AbsentInput {
  /** Address of the task that will make it. */
  readonly task: string;
  /** Its name without coordinates. */
  readonly name: string;
  readonly kind: string;
  readonly facts: Facts;
  readonly coordinates: Coordinates;
}

/** A data set to be opened by its adapter in the worker. */
export interface InputData {
  readonly adapter: string;
  readonly options: JsonObject;
  /** Absolute folder on this machine; undefined for embedded data. */
  readonly root: string | undefined;
  /** The part that the contract's `partOption` selected. */
  readonly part: string | undefined;
  readonly digest: Digest;
  readonly facts: Facts;
  /** Exactly the files that make up the identity, with the size and mtime they had when indexed. Empty for embedded data. */
  readonly files: readonly DataFile[];
}

/** Why a task is asked to stop. */
export type StopReason =
  /** The run is being stopped, or the machine is being taken away. */
  | { readonly kind: 'stopped' }
  /** The study's own limit for this task. */
  | { readonly kind: 'timeout'; readonly afterMs: number }
  | { readonly kind: 'stall'; readonly silentMs: number }
  /** It holds more than the study gave it. */
  | { readonly kind: 'out-of-memory'; readonly peakBytes: number; readonly limitBytes: number };

export interface DataFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface TaskSnapshots {
  /** Folder of the newest valid snapshot of this very task, from an earlier attempt. */
  newest(): Promise<string | undefined>;
  /** Publishes a snapshot; `write` fills the folder it is given. */
  save(write: (dir: string) => Promise<void>): Promise<void>;
}

export interface ProgressReport {
  readonly done: number;
  readonly of: number;
  readonly unit: string;
  /** E.g. `loss 1.23`. */
  readonly detail?: string;
}

export interface TaskLog {
  info(message: string, fields?: JsonObject): void;
  warn(message: string, fields?: JsonObject): void;
}

export interface DeviceInfo {
  readonly backend: 'tensorflow' | 'wasm' | 'cpu' | 'none';
  /** E.g. `cpu-t1`. */
  readonly deviceClass: string;
  readonly threads: number;
}

export type TaskErrorClass = 'task' | 'data-changed' | 'machine' | 'killed';

/**
 * Thrown by tasks (and their loaders) to name a failure class other than `task`. `killed`: a program of the task was ended by
 * SIGKILL, which is out of memory where the kernel says so, and else the task's own affair.
 */
export class TaskError extends Error {
  readonly failureClass: TaskErrorClass;
  constructor(failureClass: TaskErrorClass, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TaskError';
    this.failureClass = failureClass;
  }
}
