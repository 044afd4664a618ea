import type { Worker } from 'node:worker_threads';
import type { Job, JobAnswer, JobMessage } from './job.ts';
import { startThread } from './start-thread.ts';

/** Jobs that a thread holds at a time: while it works on one, the images of the next are being read and decoded. */
const jobsPerThread = 2;

/**
 * Threads that make images ready. They start with the first job, wait without keeping the process alive, and end with
 * `close`.
 */
export class LoaderThreads implements AsyncDisposable {
  readonly count: number;
  readonly #threads: Thread[] = [];
  readonly #waiting: Task[] = [];
  #ids = 0;
  #closed = false;

  constructor(count: number) {
    if (!Number.isInteger(count) || count < 1) throw new Error(`not a number of threads: ${count}`);
    this.count = count;
  }

  /** Threads that have been started. */
  get running(): number {
    return this.#threads.length;
  }

  /** Resolves to the parts that failed. Rejects with the signal's reason, or where a thread ended unasked or all were closed. */
  async run(job: Job, signal: AbortSignal): Promise<readonly number[]> {
    signal.throwIfAborted();
    if (this.#closed) throw closed();
    return new Promise((resolve, reject) => {
      const task: Task = { message: { ...job, id: (this.#ids += 1) }, resolve, reject };
      const leave = (): void => {
        const place = this.#waiting.indexOf(task);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      task.settled = () => signal.removeEventListener('abort', leave);
      this.#waiting.push(task);
      this.#dispatch();
    });
  }

  /** Ends the threads; what they were at is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const threads = this.#threads.splice(0);
    const held = threads.flatMap(({ tasks }) => [...tasks.values()]);
    for (const task of [...held, ...this.#waiting.splice(0)]) settle(task, () => task.reject(closed()));
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#leastBusy();
      if (thread === undefined) return;
      const task = this.#waiting.shift()!;
      if (thread.tasks.size === 0) thread.worker.ref();
      thread.tasks.set(task.message.id, task);
      thread.worker.postMessage(task.message);
    }
  }

  #leastBusy(): Thread | undefined {
    const free = this.#threads.find(({ tasks }) => tasks.size === 0);
    if (free !== undefined) return free;
    if (this.#threads.length < this.count) return this.#start();
    return this.#threads.find(({ tasks }) => tasks.size < jobsPerThread);
  }

  #start(): Thread {
    const thread: Thread = { worker: startThread(), tasks: new Map() };
    thread.worker.unref();
    thread.worker.on('message', (answer: JobAnswer) => this.#settle(thread, answer));
    thread.worker.on('error', (error) => this.#lost(thread, error));
    thread.worker.on('exit', (code) =>
      this.#lost(thread, new Error(`a thread of the loader ended (${code})`)),
    );
    this.#threads.push(thread);
    return thread;
  }

  #settle(thread: Thread, { id, failed }: JobAnswer): void {
    const task = thread.tasks.get(id);
    thread.tasks.delete(id);
    if (thread.tasks.size === 0) thread.worker.unref();
    if (task !== undefined) settle(task, () => task.resolve(failed));
    this.#dispatch();
  }

  #lost(thread: Thread, error: unknown): void {
    const place = this.#threads.indexOf(thread);
    if (place >= 0) this.#threads.splice(place, 1);
    for (const task of thread.tasks.values()) settle(task, () => task.reject(error));
    thread.tasks.clear();
  }
}

function settle(task: Task, end: () => void): void {
  task.settled?.();
  end();
}

function closed(): Error {
  return new Error('the threads of the loader were closed');
}

interface Thread {
  readonly worker: Worker;
  readonly tasks: Map<number, Task>;
}

interface Task {
  readonly message: JobMessage;
  readonly resolve: (failed: readonly number[]) => void;
  readonly reject: (reason: unknown) => void;
  settled?: () => void;
}
