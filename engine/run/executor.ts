import type { FromWorker, ToWorker } from '../worker/protocol.ts';
import type { Slot } from './slots.ts';

/** Where worker processes are started: on this machine, or (another implementation) through a cluster's queue. */
export interface Executor {
  start(request: WorkerRequest): WorkerProcess;
}

export interface WorkerRequest {
  /** Tells workers of a run apart, and names their output file. */
  readonly name: string;
  /** What the worker is bound to; empty for a light worker. */
  readonly slots: readonly Slot[];
  readonly onMessage: (message: FromWorker) => void;
}

export interface WorkerProcess {
  readonly pid: number;
  send(message: ToWorker): void;
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** Settles once the process has ended, however it did. */
  readonly exited: Promise<WorkerExit>;
}

export interface WorkerExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The end of what it wrote to stdout and stderr. */
  readonly lastWords: string;
  /** Whether the kernel has killed for want of memory since the process was started. */
  readonly kernelRanOutOfMemory: boolean;
}
