import type { Clock } from '../../cache/clock.ts';
import type { DeviceInfo, StopReason } from '../contract/task-context.ts';
import type { FromWorker, Job } from '../worker/protocol.ts';
import { stoppedFailure } from '../worker/failures.ts';
import type { Ending } from '../worker/run-job.ts';
import type { Affinity } from './affinity.ts';
import type { AttemptEnd, JobWatch } from './attempt.ts';
import { classifyExit } from './classify-exit.ts';
import type { Executor, WorkerExit, WorkerProcess } from './executor.ts';
import { workerLogName } from './run-folder.ts';
import { deafMs, dueSignal, overdue } from './patience.ts';
import type { Patience, Stopping } from './patience.ts';
import type { Slot } from './slots.ts';

interface InHand {
  readonly job: Job;
  readonly watch: JobWatch;
  readonly end: (ending: Ending) => void;
  /** When the task's own code began; undefined while inputs are fetched. */
  startedMs: number | undefined;
  progressMs: number | undefined;
  saved: boolean;
}

export interface HandleOptions {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly patience: Patience;
  readonly name: string;
  readonly slots: readonly Slot[];
  /** A change of state worth another look at the queue. */
  readonly onChange: (worker: WorkerHandle) => void;
  /** Takes what the user should know of a slot. */
  readonly onNotice: (message: string) => void;
}

/** The driver's end of one worker: what it does, since when it is silent, and how it is brought to an end. */
export class WorkerHandle {
  readonly slots: readonly Slot[];
  readonly name: string;
  readonly exited: Promise<WorkerExit>;
  readonly #process: WorkerProcess;
  readonly #options: HandleOptions;
  #state: 'starting' | 'idle' | 'busy' | 'leaving' | 'gone' = 'starting';
  #inHand: InHand | undefined;
  #stopping: Stopping | undefined;
  #lastSignMs: number;
  #peakBytes = 0;
  #complaint: string | undefined;
  #wasReady = false;
  #idleSinceMs: number;
  /** Of the task that the worker served last: its inputs and its code are at hand. */
  affinity: Affinity | undefined;

  constructor(options: HandleOptions) {
    this.#options = options;
    this.slots = options.slots;
    this.name = options.name;
    this.#lastSignMs = options.clock.monotonicMs();
    this.#idleSinceMs = this.#lastSignMs;
    this.#process = options.executor.start({
      name: options.name,
      slots: options.slots,
      onMessage: (message) => this.#receive(message),
    });
    this.exited = this.#process.exited.then((exit) => this.#ended(exit));
  }

  get state(): 'starting' | 'idle' | 'busy' | 'leaving' | 'gone' {
    return this.#state;
  }

  /** How long it has had nothing to do. */
  get idleMs(): number {
    const isUnused = this.#state === 'idle' || this.#state === 'starting';
    return isUnused ? this.#options.clock.monotonicMs() - this.#idleSinceMs : 0;
  }

  /** Whether it ever came up, or was let go before it could. */
  get cameUp(): boolean {
    return this.#wasReady || this.#stopping !== undefined;
  }

  /** Why it could not serve at all, where it said so. */
  get complaint(): string | undefined {
    return this.#complaint;
  }

  get slotName(): string {
    return this.slots.length === 0 ? 'light' : this.slots.map((slot) => slot.name).join('+');
  }

  run(job: Job, watch: JobWatch): Promise<AttemptEnd> {
    return new Promise((resolve) => {
      const inHand: InHand = {
        job,
        watch,
        end: (ending) => resolve({ ending, saved: inHand.saved }),
        startedMs: undefined,
        progressMs: undefined,
        saved: false,
      };
      this.#inHand = inHand;
      this.#state = 'busy';
      this.#lastSignMs = this.#options.clock.monotonicMs();
      this.#process.send({ kind: 'run', job });
    });
  }

  /** Asks the task in hand to stop; what does not obey is ended by signals, as `tick` finds. */
  stop(reason: StopReason): void {
    if (this.#stopping !== undefined || this.#inHand === undefined) return;
    const sinceMs = this.#options.clock.monotonicMs();
    const isDeaf = reason.kind === 'stall' && sinceMs - this.#lastSignMs > deafMs;
    this.#stopping = { reason, sinceMs, stage: 'asked', isDeaf };
    this.#process.send({ kind: 'stop', reason });
  }

  /** Lets an idle or starting worker go. */
  retire(): void {
    if (this.#state === 'leaving' || this.#state === 'gone') return;
    this.#state = 'leaving';
    const sinceMs = this.#options.clock.monotonicMs();
    this.#stopping ??= { reason: undefined, sinceMs, stage: 'asked', isDeaf: false };
    this.#process.send({ kind: 'leave' });
  }

  /** To be called every second or so. */
  tick(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const { patience } = this.#options;
    if (this.#stopping !== undefined) {
      const signal = dueSignal(this.#stopping, nowMs, patience);
      if (signal === undefined) return;
      this.#stopping.stage = signal;
      this.#process.signal(signal);
    } else if (this.#inHand !== undefined) {
      const { startedMs, progressMs, watch } = this.#inHand;
      const signs = { startedMs, progressMs, lastMs: this.#lastSignMs };
      const { timeoutMs, stallMs = patience.stallMs } = watch;
      const reason = overdue(signs, { nowMs, timeoutMs, stallMs });
      if (reason !== undefined) this.stop(reason);
    }
  }

  #receive(message: FromWorker): void {
    this.#lastSignMs = this.#options.clock.monotonicMs();
    const inHand = this.#inHand;
    switch (message.kind) {
      case 'ready':
        this.#wasReady = true;
        this.#compareDevice(message.device);
        if (this.#state === 'starting') this.#become('idle');
        return;
      case 'placed':
        return;
      case 'slot-busy': {
        const { device, holder } = message;
        this.#options.onNotice(`${device} is in use by another run (${holder}); waiting for it`);
        return;
      }
      case 'unusable':
        this.#complaint = message.message;
        return;
      case 'beat':
        this.#peakBytes = message.peakBytes;
        return;
      case 'started':
        if (inHand === undefined) return;
        inHand.startedMs = this.#lastSignMs;
        {
          inHand.watch.onStarted({
            pid: this.#process.pid,
            slot: this.slotName,
            resumed: message.resumed,
            output: { file: workerLogName(this.#options.name), from: message.outputFrom },
          });
          return;
        }
      case 'progress':
        if (inHand === undefined) return;
        inHand.progressMs = this.#lastSignMs;
        {
          inHand.watch.onProgress(message.progress);
          return;
        }
      case 'sign':
        if (inHand !== undefined) inHand.progressMs = this.#lastSignMs;
        return;
      case 'saved':
        if (inHand !== undefined) inHand.saved = true;
        return;
      case 'warning':
        return inHand?.watch.onWarning(message.message);
      case 'found':
      case 'held':
      case 'inputs-missing':
      case 'done':
      case 'compared':
      case 'failed': {
        this.#finish(message);
        return;
      }
    }
  }

  /** A GPU that does not compute costs hours, and nobody sees it. */
  #compareDevice({ deviceClass }: DeviceInfo): void {
    if (this.slots[0]?.device !== 'gpu' || !deviceClass.startsWith('cpu-')) return;
    this.#options.onNotice(
      `${this.slotName} computes on the CPU (${deviceClass}): its backend does not use the GPU; sweetspot doctor says why`,
    );
  }

  #finish(ending: Ending): void {
    const inHand = this.#inHand;
    this.#inHand = undefined;
    this.#stopping = undefined;
    inHand?.end(ending);
    if (this.#state !== 'busy') return;
    // What a failure leaves behind in the process is anyone's guess, on a device above all: the next task gets a fresh one.
    if (ending.kind === 'failed' && !(this.slots.length === 0 && ending.failure.class === 'task'))
      this.retire();
    else this.#become('idle');
  }

  #ended(exit: WorkerExit): WorkerExit {
    const inHand = this.#inHand;
    this.#inHand = undefined;
    if (inHand !== undefined) {
      const reason = this.#stopping?.reason;
      const failure = reason === undefined ? classifyExit(exit, this.#peakBytes) : stoppedFailure(reason);
      inHand.end({ kind: 'failed', task: inHand.job.task, failure });
    }
    this.#become('gone');
    return exit;
  }

  #become(state: 'idle' | 'gone'): void {
    this.#state = state;
    this.#idleSinceMs = this.#options.clock.monotonicMs();
    this.#options.onChange(this);
  }
}
