import type { Clock } from '../../cache/clock.ts';
import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { StopReason } from '../contract/task-context.ts';
import type { PlannedTask } from '../plan/plan.ts';
import type { Job } from '../worker/protocol.ts';
import { affinityOf, closestTo } from './affinity.ts';
import type { AttemptEnd, JobWatch } from './attempt.ts';
import type { AttemptRunner } from './attempt-runner.ts';
import type { TaskFailure } from './events.ts';
import { everyAwake } from './every-awake.ts';
import type { Executor } from './executor.ts';
import type { Patience } from './patience.ts';
import { hasRoomFor } from './room.ts';
import { SlotBoard, slotDemand } from './slot-board.ts';
import type { Slot } from './slots.ts';
import { TaskQueue } from './task-queue.ts';
import type { QueuedAttempt } from './task-queue.ts';
import { WorkerHandle } from './worker-handle.ts';

export interface DispatcherOptions {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly slots: readonly Slot[];
  /** Bounds the light workers. */
  readonly cores: number;
  readonly priorityOf: (task: PlannedTask) => number;
  readonly onQuarantined: (slot: string, reason: string) => void;
  /** Takes what the user should know of a slot, each thing once. */
  readonly onNotice: (message: string) => void;
}

/** How far into the queue a worker looks for a task of its liking. */
const lookAhead = 64;
/** A task may overtake others for its worker's sake while its own path is at least this part of the first's. */
const overtakingShare = 0.9;
/** An idle worker gives its device back to the host's other runs after this long. */
const idleMs = 30_000;
/** Light workers that cannot even start, one after another, before the tasks are told. */
const lightStartsTried = 3;

/** Brings attempts and workers together: heavy tasks onto slots, light ones beside them, and never more than fit. */
export class Dispatcher implements AttemptRunner {
  readonly #options: DispatcherOptions;
  readonly #heavy: TaskQueue;
  readonly #light: TaskQueue;
  readonly #board: SlotBoard;
  readonly #workers = new Set<WorkerHandle>();
  readonly #running = new Map<WorkerHandle, QueuedAttempt>();
  readonly #noticed = new Set<string>();
  readonly #ticking: Disposable;
  #started = 0;
  #lightFailures = 0;
  #closing = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#heavy = new TaskQueue(options.priorityOf);
    this.#light = new TaskQueue(options.priorityOf);
    this.#board = new SlotBoard(options.slots, options.onQuarantined);
    this.#ticking = everyAwake(options.clock, 1_000, () => this.#tick());
  }

  /** Queues one attempt; resolves when it has ended, or `withdrawn` where it never began. */
  submit(task: PlannedTask, job: Job, watch: JobWatch): Promise<AttemptEnd | { readonly kind: 'withdrawn' }> {
    return new Promise((end) => {
      const attempt: QueuedAttempt = { task, job, watch, affinity: affinityOf(task, job), end };
      (isLight(task) ? this.#light : this.#heavy).add(attempt);
      this.#pump();
    });
  }

  /** Workers do what they are told. */
  expects(_key: TaskKey): boolean {
    return false;
  }

  /**
   * While other runs hold every device, what they compute may be what waits here: looks whether results of the first in the
   * queue stand by now.
   */
  async lookForResults(store: Store): Promise<void> {
    if (!this.#isStarved()) return;
    for (const attempt of this.#heavy.first(lookAhead)) {
      const { job } = attempt;
      const found = job.again ? undefined : await store.actions.get(job.key, { anew: true });
      if (found?.kind !== 'found' || !this.#heavy.remove(attempt)) continue;
      const { outputs } = found.result;
      attempt.end({ ending: { kind: 'found', task: job.task, outputs }, saved: false });
    }
  }

  #isStarved(): boolean {
    const heavy = [...this.#workers].filter((worker) => worker.slots.length > 0);
    return this.#heavy.length > 0 && heavy.every((worker) => worker.state === 'starting');
  }

  /** Nothing that waits will begin. */
  withdrawAll(): void {
    for (const attempt of [...this.#heavy.removeAll(), ...this.#light.removeAll()]) {
      attempt.end({ kind: 'withdrawn' });
    }
  }

  /** Asks all that runs to stop. */
  stopAll(reason: StopReason): void {
    for (const worker of this.#running.keys()) worker.stop(reason);
  }

  leaveAll(): void {
    this.withdrawAll();
    this.stopAll({ kind: 'stopped' });
  }

  reorder(): void {
    this.#heavy.reorder();
    this.#light.reorder();
  }

  /** Lets every worker go and waits for their ends. */
  async close(): Promise<void> {
    this.#closing = true;
    this.withdrawAll();
    this.#retireUnused();
    await Promise.all([...this.#workers].map((worker) => worker.exited));
    this.#ticking[Symbol.dispose]();
  }

  #pump(): void {
    if (this.#closing) {
      this.#retireUnused();
      return;
    }
    this.#pumpLight();
    this.#pumpHeavy();
  }

  #retireUnused(): void {
    for (const worker of this.#workers) if (worker.state !== 'busy') worker.retire();
  }

  #pumpLight(): void {
    const light = [...this.#workers].filter((worker) => worker.slots.length === 0);
    const idle = light.filter((worker) => worker.state === 'idle');
    let startable = this.#options.cores - light.length;
    let starting = light.filter((worker) => worker.state === 'starting').length;
    for (const attempt of this.#light.first(lookAhead)) {
      const running = [...this.#running.values()].map((each) => each.task.resources);
      if (!hasRoomFor(attempt.task.resources, running, this.#options.cores)) return;
      const worker = idle.shift();
      if (worker !== undefined) {
        this.#light.remove(attempt);
        this.#assign(worker, attempt);
      } else if (starting > 0) {
        starting--;
      } else if (startable > 0) {
        startable--;
        this.#start([]);
      } else return;
    }
  }

  #pumpHeavy(): void {
    this.#giveToIdle();
    const starting = [...this.#workers].filter((worker) => worker.state === 'starting');
    for (const attempt of this.#heavy.first(lookAhead)) {
      const demand = slotDemand(attempt.task.resources);
      const eligible = this.#board.eligible(demand);
      if (eligible.length < demand.count) {
        this.#heavy.remove(attempt);
        this.#endWith(attempt, { class: 'machine', message: this.#board.explainShortage(demand) });
        continue;
      }
      const coming = starting.findIndex((worker) => this.#board.fits(worker, demand));
      const vacant = eligible.filter((slot) => this.#board.workerOf(slot) === undefined);
      if (coming >= 0) starting.splice(coming, 1);
      else if (vacant.length >= demand.count) this.#start(vacant.slice(0, demand.count));
      else {
        // What is idle on these slots is bound to another number of them: it makes room.
        for (const slot of eligible) {
          const worker = this.#board.workerOf(slot);
          if (worker?.state === 'idle') worker.retire();
        }
        // What comes free is kept for a task that needs several at once, or it would wait for ever.
        if (demand.count > 1) return;
      }
    }
  }

  #giveToIdle(): void {
    for (const worker of this.#workers) {
      if (worker.state !== 'idle' || worker.slots.length === 0) continue;
      const attempt = this.#choose(worker);
      if (attempt === undefined) continue;
      this.#heavy.remove(attempt);
      this.#assign(worker, attempt);
    }
  }

  /** The first task that fits, or one not far behind that goes better with what the worker has just done. */
  #choose(worker: WorkerHandle): QueuedAttempt | undefined {
    const fitting: QueuedAttempt[] = [];
    for (const [position, attempt] of this.#heavy.first(lookAhead).entries()) {
      const demand = slotDemand(attempt.task.resources);
      if (!this.#board.fits(worker, demand)) {
        if (demand.count > 1) break;
        continue;
      }
      if (fitting.length > 0 && this.#heavy.relativePriority(position) < overtakingShare) break;
      fitting.push(attempt);
    }
    return closestTo(worker.affinity, fitting);
  }

  #assign(worker: WorkerHandle, attempt: QueuedAttempt): void {
    worker.affinity = attempt.affinity;
    this.#running.set(worker, attempt);
    this.#lightFailures = 0;
    void worker.run(attempt.job, attempt.watch).then((end) => {
      // By now it may have its next one in hand.
      if (this.#running.get(worker) === attempt) this.#running.delete(worker);
      if (end.ending.kind === 'failed' && isLoss(end.ending.failure))
        this.#board.lost(worker, attempt.task.id);
      else if (end.ending.kind === 'done' || end.ending.kind === 'compared') this.#board.served(worker);
      attempt.end(end);
      this.#pump();
    });
  }

  #noticeOnce(message: string): void {
    if (this.#noticed.has(message)) return;
    this.#noticed.add(message);
    this.#options.onNotice(message);
  }

  #start(slots: readonly Slot[]): void {
    const worker = new WorkerHandle({
      ...this.#options,
      name: `worker-${++this.#started}`,
      slots,
      onChange: () => this.#pump(),
      onNotice: (message) => this.#noticeOnce(message),
    });
    this.#workers.add(worker);
    this.#board.occupy(worker);
    void worker.exited.then((exit) => {
      this.#workers.delete(worker);
      this.#board.vacate(worker);
      if (!worker.cameUp) this.#startFailed(worker, worker.complaint ?? exit.lastWords);
      this.#pump();
    });
  }

  #startFailed(worker: WorkerHandle, why: string): void {
    if (worker.slots.length > 0) {
      this.#board.failedToStart(worker, why);
      return;
    }
    if (++this.#lightFailures < lightStartsTried) return;
    const failure: TaskFailure = { class: 'machine', message: `workers cannot start: ${why}` };
    for (const attempt of this.#light.removeAll()) this.#endWith(attempt, failure);
  }

  #endWith(attempt: QueuedAttempt, failure: TaskFailure): void {
    attempt.end({ ending: { kind: 'failed', task: attempt.task.id, failure }, saved: false });
  }

  #tick(): void {
    for (const worker of this.#workers) {
      worker.tick();
      if (worker.slots.length > 0 && this.#heavy.length === 0 && worker.idleMs > idleMs) worker.retire();
    }
  }
}

function isLight(task: PlannedTask): boolean {
  return slotDemand(task.resources).count === 0;
}

function isLoss(failure: TaskFailure): boolean {
  return failure.class === 'lost';
}
