import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { SigningPolicy } from '../../cache/signatures/signing-policy.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { RemotesAccess } from '../../cache/remotes/remote-settings.ts';
import type { Coordinates, Facts } from '../contract/scalar.ts';
import type { AbsentInput, DeviceInfo, ProgressReport, StopReason } from '../contract/task-context.ts';
import type { TaskId } from '../plan/plan.ts';
import type { Outputs, TaskFailure } from '../run/events.ts';

/** What the driver tells a worker: plain JSON, one object a message. */
export type ToWorker =
  /** First of all, once: what the process is bound to. */
  | { readonly kind: 'bind'; readonly binding: Binding }
  | { readonly kind: 'run'; readonly job: Job }
  /** Stop the task in hand (after a snapshot, where it can), and stay for the next. */
  | { readonly kind: 'stop'; readonly reason: StopReason }
  /** Exit once nothing is in hand. */
  | { readonly kind: 'leave' };

/** What a worker tells its driver. Of `found`, `held`, `inputs-missing`, `done`, `compared` and `failed`, a job gets exactly one. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly device: DeviceInfo }
  /** Of a worker that a cluster has started: where it is. The partition is empty where the cluster has none. */
  | {
      readonly kind: 'placed';
      readonly host: string;
      readonly pid: number;
      readonly partition: string;
      readonly deviceClass: string;
    }
  /** Another run's worker holds the slot on this host; the worker waits for it. */
  | { readonly kind: 'slot-busy'; readonly device: string; readonly holder: string }
  /** The worker cannot serve at all (no store, no backend). It exits. */
  | { readonly kind: 'unusable'; readonly message: string }
  | { readonly kind: 'beat'; readonly peakBytes: number }
  /** The claim is held and the inputs are in place: the task's own code begins. */
  | {
      readonly kind: 'started';
      readonly task: TaskId;
      readonly resumed: boolean;
      /** Byte of the process's output at which the task's begins. */
      readonly outputFrom: number;
    }
  | { readonly kind: 'progress'; readonly task: TaskId; readonly progress: ProgressReport }
  /** Programs of the task do something, though it reports no progress. Told only where the study limits their silence. */
  | { readonly kind: 'sign'; readonly task: TaskId }
  /** A snapshot was published: a successor will not begin from nothing. */
  | { readonly kind: 'saved'; readonly task: TaskId }
  | { readonly kind: 'warning'; readonly task: TaskId; readonly message: string }
  /** Somebody else's result stands by now. */
  | { readonly kind: 'found'; readonly task: TaskId; readonly outputs: Outputs }
  /** Somebody alive is computing this very key. */
  | { readonly kind: 'held'; readonly task: TaskId; readonly owner: string }
  /** These artifacts' bytes are nowhere: their producers have to run again. */
  | { readonly kind: 'inputs-missing'; readonly task: TaskId; readonly digests: readonly Digest[] }
  | {
      readonly kind: 'done';
      readonly task: TaskId;
      readonly outputs: Outputs;
      readonly durationMs: number;
    }
  /** Of a job that publishes nothing. */
  | {
      readonly kind: 'compared';
      readonly task: TaskId;
      readonly differing: readonly DifferingOutput[];
      readonly deviceClass: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'failed'; readonly task: TaskId; readonly failure: TaskFailure };

/** An output that came out otherwise than recorded. */
export interface DifferingOutput {
  readonly output: string;
  readonly recorded: Digest;
  readonly made: Digest;
  /** The first file in which they differ; absent where what is recorded is not in the store any more. */
  readonly firstFile?: FileDifference;
}

export interface FileDifference {
  readonly path: string;
  readonly how: 'changed' | 'added' | 'missing';
  /** Absent where it was not there. */
  readonly recordedBytes?: number;
  readonly madeBytes?: number;
}

/** What a worker process is, for as long as it lives. Its environment was already set when it was started. */
export interface Binding {
  readonly storeDir: string;
  /** Root of the store that is only read, where the worker's lies over one. */
  readonly storeBelow?: string | undefined;
  readonly signing?: SigningPolicy | undefined;
  /** What is asked for bytes that the store lacks; absent where there is nothing. Credentials come by the environment. */
  readonly remotes?: RemotesAccess;
  /** Host-wide folder of slot leases. */
  readonly leaseDir: string;
  /** Shares of devices to lease before anything else; empty for a light worker. */
  readonly leases: readonly DeviceShare[];
  readonly device: 'cpu' | 'gpu' | 'none';
  readonly deviceClass: string;
  readonly threads: number;
  /** Where the process's stdout and stderr go. */
  readonly outputFile: string;
}

export interface DeviceShare {
  readonly deviceId: string;
  /** In (0, 1]. */
  readonly share: number;
}

/** One attempt at one task. */
export interface Job {
  readonly task: TaskId;
  readonly kind: string;
  readonly key: TaskKey;
  /** The action's canonical JSON, stored with the result. */
  readonly action: string;
  readonly options: JsonObject;
  readonly inputs: { readonly [input: string]: JobInput };
  /** Facts that the plan promised of each output. */
  readonly promised: { readonly [output: string]: Facts };
  readonly traits: Facts;
  readonly studyDir: string;
  readonly smoke: boolean;
  /** Where to leave a copy of the task's log. */
  readonly logFile: string;
  /** Produce the bytes even though a result stands. */
  readonly again: boolean;
  /** Outputs of the result that stands: only find out whether the same come out again, and publish nothing. */
  readonly compareWith?: Outputs;
  readonly limits: JobLimits;
  /** Of which run its result is. */
  readonly maker?: Maker;
  /** By input, where the task is made before all that it gathers is there. */
  readonly absent?: { readonly [input: string]: readonly AbsentInput[] };
}

/** What a result says of who has made it. */
export interface Maker {
  /** Name of the run. */
  readonly run: string;
  /** Who ran it, where they want to be named. */
  readonly member?: string;
}

/** What the study allows a task; without a limit where it says nothing. */
export interface JobLimits {
  readonly timeoutMs?: number;
  readonly stallMs?: number;
  readonly memoryBytes?: number;
}

export type JobInput =
  | { readonly kind: 'artifact'; readonly item: JobItem }
  | { readonly kind: 'gathered'; readonly items: readonly JobItem[] }
  | {
      readonly kind: 'data';
      readonly adapter: string;
      readonly options: JsonObject;
      readonly root: string | undefined;
      readonly part: string | undefined;
      readonly digest: Digest;
      readonly facts: Facts;
      /** A JSON file that lists the data's files; absent where there are none. Too long to send with each job. */
      readonly filesAt: string | undefined;
    };

export interface JobItem {
  readonly digest: Digest;
  readonly facts: Facts;
  readonly coordinates: Coordinates;
}
