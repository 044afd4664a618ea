import { digestOf } from '../../../cache/digest.ts';
import type { Executor, WorkerExit, WorkerProcess, WorkerRequest } from '../../../engine/run/executor.ts';
import type { Slot } from '../../../engine/run/slots.ts';
import type { Ending } from '../../../engine/worker/run-job.ts';
import type { Job } from '../../../engine/worker/protocol.ts';

export interface FakeWorker {
  readonly name: string;
  readonly slots: readonly Slot[];
  readonly request: WorkerRequest;
  readonly end: (exit: WorkerExit) => void;
  state: 'coming' | 'idle' | 'busy' | 'gone';
  job: Job | undefined;
  /** It was told to leave. */
  leaves: boolean;
  /** It was told to stop what it does. */
  stops: boolean;
  /** It hears nothing any more, and only a signal ends it. */
  hangs: boolean;
  signalled: boolean;
}

/** Something that a worker may do next. */
export interface FakeAct {
  readonly worker: FakeWorker;
  /** How likely it is, beside the others. */
  readonly weight: number;
  /** Whether it brings the run forward. */
  readonly isGood: boolean;
  readonly act: () => void;
}

export interface FakeListener {
  /** Before a worker is bound to slots. */
  onStart(worker: FakeWorker): void;
  /** Before a worker takes a job. */
  onRun(worker: FakeWorker, job: Job): void;
  /** A job has its end, as far as the worker can tell. */
  onEnd(job: Job, kind: Ending['kind'] | 'exit'): void;
}

/** Workers that are no processes: what each does, and when, is up to the test. */
export class FakeWorkers implements Executor {
  readonly all: FakeWorker[] = [];
  readonly #listener: FakeListener;

  constructor(listener: FakeListener) {
    this.#listener = listener;
  }

  start(request: WorkerRequest): WorkerProcess {
    let end: (exit: WorkerExit) => void = () => undefined;
    const exited = new Promise<WorkerExit>((resolve) => (end = resolve));
    const { name, slots } = request;
    const nothing = { job: undefined, leaves: false, stops: false, hangs: false, signalled: false };
    const worker: FakeWorker = { name, slots, request, end, state: 'coming', ...nothing };
    this.#listener.onStart(worker);
    this.all.push(worker);
    return {
      pid: this.all.length,
      exited,
      signal: () => (worker.signalled = true),
      send: (message) => {
        if (message.kind === 'leave') worker.leaves = true;
        if (message.kind === 'stop') worker.stops = true;
        if (message.kind !== 'run') return;
        this.#listener.onRun(worker, message.job);
        worker.state = 'busy';
        worker.job = message.job;
      },
    };
  }

  get living(): readonly FakeWorker[] {
    return this.all.filter(({ state }) => state !== 'gone');
  }

  /** Everything that may happen next, to any of them. */
  acts(): readonly FakeAct[] {
    return this.living.flatMap((worker) => this.#actsOf(worker));
  }

  #actsOf(worker: FakeWorker): readonly FakeAct[] {
    const { job, leaves, stops, hangs, signalled, state } = worker;
    const good = (weight: number, act: () => void): FakeAct => ({ worker, weight, isGood: true, act });
    const bad = (weight: number, act: () => void): FakeAct => ({ worker, weight, isGood: false, act });
    const exit = (signal: string | null): void => this.#exit(worker, signal);
    if (signalled) return [good(8, () => exit('SIGKILL'))];
    if (hangs) return [];
    if (state === 'coming') {
      if (leaves) return [good(8, () => exit(null))];
      return [good(8, () => this.#becomeReady(worker)), bad(1, () => exit('SIGSEGV'))];
    }
    if (job === undefined) return leaves ? [good(8, () => exit(null))] : [bad(0.2, () => exit('SIGKILL'))];
    const { task } = job;
    const outputs = { out: digestOf(job.key) };
    if (stops) {
      const failure = { class: 'stopped', message: 'stopped' } as const;
      return [good(4, () => this.#end(worker, { kind: 'failed', task, failure }))];
    }
    const failure = { class: 'task', message: 'failed' } as const;
    return [
      good(6, () => this.#end(worker, { kind: 'done', task, outputs, durationMs: 1 })),
      good(1, () => this.#end(worker, { kind: 'found', task, outputs })),
      bad(1, () => this.#end(worker, { kind: 'held', task, owner: 'another' })),
      bad(1, () => this.#end(worker, { kind: 'failed', task, failure })),
      bad(1, () => exit('SIGKILL')),
      bad(0.3, () => (worker.hangs = true)),
    ];
  }

  #becomeReady(worker: FakeWorker): void {
    worker.state = 'idle';
    const device = { backend: 'none', deviceClass: 'cpu-t1', threads: 1 } as const;
    worker.request.onMessage({ kind: 'ready', device });
  }

  #end(worker: FakeWorker, ending: Ending): void {
    const { job } = worker;
    worker.state = 'idle';
    worker.job = undefined;
    worker.stops = false;
    if (job !== undefined) this.#listener.onEnd(job, ending.kind);
    worker.request.onMessage(ending);
  }

  #exit(worker: FakeWorker, signal: string | null): void {
    const { job } = worker;
    worker.state = 'gone';
    worker.job = undefined;
    if (job !== undefined) this.#listener.onEnd(job, 'exit');
    worker.end({ exitCode: signal === null ? 0 : null, signal, lastWords: '', kernelRanOutOfMemory: false });
  }
}
