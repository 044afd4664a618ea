import type { Clock } from '../../cache/clock.ts';
import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { StopReason } from '../contract/task-context.ts';
import type { PlannedTask } from '../plan/plan.ts';
import type { Job } from '../worker/protocol.ts';
import type { AttemptEnd, JobWatch } from './attempt.ts';
import type { Drafting } from './drafting.ts';
import type { Patience } from './patience.ts';
import type { RunFolder } from './run-folder.ts';
import type { TaskTimes } from './task-times.ts';

/** What brings the attempts of a run to where they compute: slots of this host, or the queue of a cluster. */
export interface AttemptRunner {
  /** Queues one attempt; resolves when it has ended, or `withdrawn` where it never began. */
  submit(task: PlannedTask, job: Job, watch: JobWatch): Promise<AttemptEnd | { readonly kind: 'withdrawn' }>;
  /** Whether an attempt at this is under way already, unasked, which `submit` will then be about. */
  expects(key: TaskKey): boolean;
  /** Ends attempts that wait for results which stand by now. */
  lookForResults(store: Store): Promise<void>;
  /** Nothing that waits will begin. */
  withdrawAll(): void;
  /** Asks all that runs to stop. */
  stopAll(reason: StopReason): void;
  /** The driver goes: what outlives it goes on, and is not waited for; all else is asked to stop. */
  leaveAll(): void;
  /** Priorities have changed. */
  reorder(): void;
  /** Ends its own timers and processes, once every attempt has ended. */
  close(): Promise<void>;
}

/** What a run gives to a runner other than its own. */
export interface RunnerParts {
  readonly store: Store;
  readonly folder: RunFolder;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly times: TaskTimes;
  readonly drafts: Drafting;
  /** Starts a worker: Node's own arguments, then the file. */
  readonly worker: { readonly entry: URL; readonly execArgv: readonly string[] };
  readonly onNotice: (message: string) => void;
  /** For tasks that take no slot, and are computed beside the driver: at most so many at a time. */
  readonly openHere: (cores: number) => AttemptRunner;
}
