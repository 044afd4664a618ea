import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StopReason } from '../../contract/task-context.ts';
import type { AttemptEnd, JobWatch } from '../../run/attempt.ts';
import type { JobPlace } from '../../run/events.ts';
import { overdue } from '../../run/patience.ts';
import { stoppedFailure } from '../../worker/failures.ts';
import type { FromWorker, Job } from '../../worker/protocol.ts';
import type { Ending } from '../../worker/run-job.ts';
import { afterEnd } from './after-end.ts';
import type { Again } from './after-end.ts';
import { EventTail } from './event-tail.ts';
import { stageOf } from './job-states.ts';
import type { QueuedElement } from './queued-element.ts';

export type SubmittedEnd = AttemptEnd | { readonly kind: 'withdrawn' };

export interface ClusterJobOptions {
  readonly element: QueuedElement;
  /** From 0. */
  readonly part: number;
  readonly job: Job;
  readonly watch: JobWatch;
  readonly end: (end: SubmittedEnd) => void;
  readonly again: (how: Again, why: string) => void;
  readonly eventsFile: string;
  readonly outputFile: string;
  /** The output as the run's events name it. */
  readonly namedOutput: string;
  readonly nowMs: number;
}

type Place = FromWorker & { readonly kind: 'placed' };

/** A job that Slurm says has ended is given so many looks for what its worker wrote last: other hosts' writes take a while to be seen. */
const looksBorne = 2;
const lastWordsBytes = 4_000;

/** The driver's end of one attempt in the queue: what its worker tells, what Slurm says of its job, and how it ends. */
export class ClusterJob {
  readonly element: QueuedElement;
  readonly #options: ClusterJobOptions;
  readonly #tail: EventTail;
  #state = 'PENDING';
  #asked: StopReason | 'withdrawn' | undefined;
  /** The worker was told to stop and has; the queue says what that means. */
  #stopped = false;
  #isHeard = false;
  #saved = false;
  #peakBytes = 0;
  #place: Place | undefined;
  readonly #submittedMs: number;
  #beganMs: number | undefined;
  /** Also where it was taken from its node since. */
  #firstBeganMs: number | undefined;
  #progressMs: number | undefined;
  #lastMs: number;
  #looksAfterEnd = 0;
  #isKnownHeld = false;
  #isOver = false;
  #isUnwatched = false;

  constructor(options: ClusterJobOptions) {
    this.#options = options;
    this.element = options.element;
    this.#submittedMs = options.nowMs;
    this.#tail = new EventTail(options.eventsFile);
    this.#lastMs = options.nowMs;
  }

  /** Whether it was left to itself. */
  get isUnwatched(): boolean {
    return this.#isUnwatched;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  get id(): string {
    return this.element.id;
  }

  /** How long its job has waited in the queue, or waits; undefined where that is not known of this part. */
  waitedMs(nowMs: number): { readonly ms: number; readonly hasBegun: boolean } | undefined {
    if (this.#options.part > 0) return undefined;
    return {
      ms: (this.#firstBeganMs ?? nowMs) - this.#submittedMs,
      hasBegun: this.#firstBeganMs !== undefined,
    };
  }

  /** Marks it as to be ended; answers whether that is new. */
  ask(reason: StopReason | 'withdrawn'): boolean {
    if (this.#asked !== undefined && this.#asked !== 'withdrawn') return false;
    this.#asked = reason;
    return true;
  }

  /** It goes on without being watched. */
  leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#isUnwatched = true;
    this.#options.end({ kind: 'withdrawn' });
  }

  /** Takes in what the worker has told since the last time. */
  async listen(nowMs: number): Promise<void> {
    for (const message of await this.#tail.read()) this.#receive(message, nowMs);
  }

  /** Why it is to be stopped now: its worker has fallen silent. A job that waits or is suspended may be silent. */
  silence(nowMs: number): StopReason | undefined {
    if (this.#state !== 'RUNNING' || this.#beganMs === undefined) {
      this.#lastMs = nowMs;
      return undefined;
    }
    const { stallMs } = this.#options.watch;
    if (stallMs === undefined) return undefined;
    const signs = { startedMs: this.#beganMs, progressMs: this.#progressMs, lastMs: this.#lastMs };
    return overdue(signs, { nowMs, timeoutMs: undefined, stallMs });
  }

  /** Takes in what the queue says; `state` undefined where it knows nothing of the job. */
  async look(state: string | undefined, reason: string, nowMs: number): Promise<void> {
    if (state !== undefined && stageOf(state) !== 'ended') {
      if (stageOf(state) === 'waiting') {
        if (this.#beganMs !== undefined) this.#requeued(state);
        this.#tellHeld(reason);
      }
      this.#state = state;
      this.#looksAfterEnd = 0;
      return;
    }
    await this.listen(nowMs);
    if (this.#isOver) return;
    const neverBegan = this.#beganMs === undefined && state === 'CANCELLED';
    if (!this.#stopped && !neverBegan && ++this.#looksAfterEnd < looksBorne) return;
    if (this.#asked === 'withdrawn' && this.#beganMs === undefined) {
      this.#isOver = true;
      this.#options.end({ kind: 'withdrawn' });
      return;
    }
    const asked = this.#asked === 'withdrawn' ? ({ kind: 'stopped' } as const) : this.#asked;
    if (asked !== undefined)
      this.#finish({ kind: 'failed', task: this.#options.job.task, failure: stoppedFailure(asked) });
    else await this.#endOf({ state, reason, nowMs });
  }

  /** Its job has ended, and nobody here wanted that. */
  async #endOf(end: {
    readonly state: string | undefined;
    readonly reason: string;
    readonly nowMs: number;
  }): Promise<void> {
    const { element, part, eventsFile, outputFile } = this.#options;
    const ended = {
      ...{ id: this.id, state: end.state, reason: end.reason, wasStopped: this.#stopped, saved: this.#saved },
      peakBytes: this.#peakBytes,
      lastWords: await endOf(outputFile),
      unheardIn: this.#isHeard ? undefined : dirname(eventsFile),
      ranMs: end.nowMs - (this.#beganMs ?? end.nowMs),
    };
    const after = afterEnd(ended, { element, part, hasBegun: this.#beganMs !== undefined });
    if (after.kind === 'again') this.#goAgain(after.how, after.why);
    else this.#finish({ kind: 'failed', task: this.#options.job.task, failure: after.failure });
  }

  #goAgain(how: Again, why: string): void {
    this.#isOver = true;
    this.#options.again(how, why);
  }

  /** Slurm has taken it from its node and put it back into the queue: nothing is to be submitted. */
  #requeued(state: string): void {
    this.#options.watch.onWarning(
      `job ${this.id} was put back into the queue (${state}); ${this.#saved ? 'it goes on from its snapshot' : 'it begins again'} there`,
    );
    this.#beganMs = undefined;
    this.#progressMs = undefined;
    this.#stopped = false;
  }

  /** Nothing but somebody's hand brings it on from there. */
  #tellHeld(reason: string): void {
    if (this.#isKnownHeld || !/held/i.test(reason)) return;
    this.#isKnownHeld = true;
    this.#options.watch.onWarning(
      `job ${this.id} is held in the queue (${reason}): scontrol release ${this.id} lets it go on`,
    );
  }

  #receive(message: FromWorker, nowMs: number): void {
    if (this.#isOver) return;
    this.#lastMs = nowMs;
    this.#isHeard = true;
    const { watch, namedOutput } = this.#options;
    switch (message.kind) {
      case 'ready':
      case 'slot-busy':
        return;
      case 'unusable': {
        const { message: why } = message;
        const failure = { class: 'machine', message: `job ${this.id}: ${why}` } as const;
        this.#finish({ kind: 'failed', task: this.#options.job.task, failure });
        return;
      }
      case 'beat':
        this.#peakBytes = message.peakBytes;
        return;
      case 'placed':
        this.#place = message;
        return;
      case 'started': {
        this.#beganMs = nowMs;
        this.#firstBeganMs ??= nowMs;
        this.#stopped = false;
        const output = { file: namedOutput, from: message.outputFrom };
        watch.onStarted({
          ...{ slot: `slurm:${this.id}`, resumed: message.resumed, output },
          ...this.#whereabouts(),
        });
        return;
      }
      case 'progress':
        this.#progressMs = nowMs;
        {
          watch.onProgress(message.progress);
          return;
        }
      case 'sign':
        this.#progressMs = nowMs;
        return;
      case 'saved':
        this.#saved = true;
        return;
      case 'warning': {
        watch.onWarning(message.message);
        return;
      }
      case 'failed':
        // Whoever told it to stop: this run, or Slurm. If that, the queue says why, or the job is in it again.
        if (message.failure.class === 'stopped') this.#stopped = true;
        // By itself, whatever brought its worker down is told by Slurm.
        else if (message.failure.class === 'lost' && this.element.parts > 1)
          this.#goAgain('alone', `job ${this.id}: ${message.failure.message}; others shared that job`);
        else this.#finish(message);
        return;
      case 'found':
      case 'held':
      case 'inputs-missing':
      case 'done':
      case 'compared':
        this.#finish(message);
    }
  }

  /** A worker says where it is before it begins anything. */
  #whereabouts(): { readonly pid: number; readonly job?: JobPlace } {
    if (this.#place === undefined) return { pid: 0 };
    const { host, pid, partition, deviceClass } = this.#place;
    const job = { id: this.id, host, ...(partition === '' ? {} : { partition }), deviceClass };
    return { pid, job };
  }

  #finish(ending: Ending): void {
    this.#isOver = true;
    this.#options.end({ ending, saved: this.#saved });
  }
}

async function endOf(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.slice(-lastWordsBytes).trim();
}
