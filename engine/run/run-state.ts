import type { LimitFunction } from 'p-limit';
import type { Clock } from '../../cache/clock.ts';
import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Keyer } from '../keys/keyer.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import type { Board, Computed, TaskResult } from './board.ts';
import type { Maker } from '../worker/protocol.ts';
import type { DataLists } from './data-lists.ts';
import type { RunEvent } from './events.ts';
import type { RunFolder } from './run-folder.ts';

/** An event before it is stamped with its time. */
export type Happening = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at'> : never) : never;

export type DrainReason = 'interrupt' | 'machine' | 'fail-fast';

/** What the tasks of one run share. */
export interface RunState {
  readonly plan: Plan;
  readonly store: Store;
  readonly clock: Clock;
  readonly folder: RunFolder;
  /** What its results say of who has made them. */
  readonly maker: Maker;
  readonly board: Board;
  readonly keyer: Keyer;
  readonly dispatcher: AttemptRunner;
  readonly dataLists: DataLists;
  /** How many keys are made and looked up at a time. */
  readonly desk: LimitFunction;
  /** Keys that are being seen to: two tasks with one key are computed once. */
  readonly flights: Map<TaskKey, Promise<Computed>>;
  /** Producers that are being run again for their bytes. */
  readonly reproductions: Map<TaskId, Promise<TaskResult>>;
  emit(event: Happening): void;
  /** Aborted when nothing more is to begin; its reason is a `DrainReason`. */
  readonly drained: AbortSignal;
  drain(reason: DrainReason): void;
  /** Brings what a task reads from remotes, as far as they have it; at once where there are none, or the run is drained. */
  bringInputs(task: PlannedTask): Promise<void>;
  /** Called before a task is first given to the dispatcher. */
  learnOrder(): void;
  /** Enters outputs that came out otherwise than before, and has what was made from the old ones looked at again. */
  follow(task: PlannedTask, result: TaskResult & { readonly kind: 'cached' | 'done' }): void;
}
