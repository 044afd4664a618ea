import type { Clock } from '../../cache/clock.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import type { Plan, TaskId } from '../plan/plan.ts';
import type { TaskResult } from './board.ts';
import type { RunEvent } from './events.ts';
import type { Detached } from './detached.ts';
import type { AttemptRunner, RunnerParts } from './attempt-runner.ts';
import type { Executor } from './executor.ts';
import type { StudySource } from './journal-writer.ts';
import type { Slot } from './slots.ts';
import type { Patience } from './patience.ts';

/** An output whose result stands, while its bytes are nowhere. */
export interface LostOutput {
  readonly task: TaskId;
  /** What is not there, and where damaged bytes lie now. */
  readonly message: string;
}

export interface RunOptions {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  /** The file that calls `serveWorker` with the same registry. */
  readonly workerEntry: URL;
  /** Where workers are started; default: on this host, from `workerEntry`. */
  readonly executor?: Executor;
  /** What brings attempts to where they compute; default: slots of `executor`. */
  readonly openRunner?: (parts: RunnerParts) => AttemptRunner;
  /** Node's own arguments for workers; default: the driver's. */
  readonly execArgv?: readonly string[];
  /** Default: what the host has. */
  readonly slots?: readonly Slot[];
  /** Tasks to run, with all they need; default: every one. */
  readonly only?: Iterable<TaskId>;
  /** Stop beginning tasks at the first failure. */
  readonly failFast?: boolean;
  /** Aborted (first Ctrl-C): nothing more begins, what runs ends. */
  readonly drainSignal?: AbortSignal;
  /** Aborted (second Ctrl-C, SIGTERM): what runs saves a snapshot where it can, and stops. */
  readonly stopSignal?: AbortSignal;
  /** Aborted (a driver in a job is told to end): nothing more begins, what computes elsewhere goes on without this driver. */
  readonly leaveSignal?: AbortSignal;
  /** Of a driver in a job of a cluster. */
  readonly detached?: Detached | undefined;
  /** The study's files as read, to be kept with the run. */
  readonly sources?: readonly StudySource[];
  /** Who runs it, where somebody wants to be named. */
  readonly member?: string | undefined;
  readonly onEvent?: (event: RunEvent) => void;
  /** What was noticed on the way to this run, to be told as warnings. */
  readonly notes?: readonly string[];
  /** Hands what is noticed elsewhere while the run goes on (of remotes) to the run, which tells it as warnings. */
  readonly listenForTroubles?: (listener: (message: string) => void) => Disposable;
  /**
   * Takes what the caller wants out of the store, once every task has its end. Answers with outputs whose bytes were not
   * there or were damaged: they are made again, and it is called once more.
   */
  readonly takeOutputs?: (results: ReadonlyMap<TaskId, TaskResult>) => Promise<readonly LostOutput[]>;
  /** Host-wide folder of device leases. */
  readonly leaseDir?: string;
  readonly clock?: Clock;
  readonly patience?: Partial<Patience>;
  /** Bounds the light workers; default: the host's cores. */
  readonly cores?: number;
}
