import type { Worker } from 'node:worker_threads';
import type { Job, JobAnswer, JobMessage } from './job.ts';
import { startThread } from './start-thread.ts';

/**
 * Threads that make images ready. They start with the first jobs, wait without keeping the process alive, and end with
 * `close`. A job is given to a thread at once, so that the threads have work while a step of the training holds the main
 * thread.
 */
export class LoaderThreads implements AsyncDisposable {
  readonly count: number;
  readonly #threads: Thread[] = [];
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

  /** Resolves to the parts that failed. Rejects where the thread ended unasked, or all were closed. */
  async run(job: Job): Promise<readonly number[]> {
    if (this.#closed) throw closed();
    const { worker, tasks } = this.#leastBusy();
    this.#ids += 1;
    const message: JobMessage = { ...job, id: this.#ids };
    return new Promise((resolve, reject) => {
      if (tasks.size === 0) worker.ref();
      tasks.set(message.id, { resolve, reject });
      worker.postMessage(message);
    });
  }

  /** Ends the threads; what they were at is rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(
      this.#threads.splice(0).map((thread) => {
        rejectAll(thread, closed());
        return thread.worker.terminate();
      }),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #leastBusy(): Thread {
    const [least] = this.#threads.toSorted((a, b) => a.tasks.size - b.tasks.size);
    if (least !== undefined && (least.tasks.size === 0 || this.#threads.length >= this.count)) return least;
    return this.#start();
  }

  #start(): Thread {
    const thread: Thread = { worker: startThread(), tasks: new Map() };
    const lost = (error: unknown): void => {
      const place = this.#threads.indexOf(thread);
      if (place >= 0) this.#threads.splice(place, 1);
      rejectAll(thread, error);
    };
    thread.worker.unref();
    thread.worker.on('message', (answer: JobAnswer) => settle(thread, answer));
    thread.worker.on('error', lost);
    thread.worker.on('exit', (code) => lost(new Error(`a thread of the loader ended (${code})`)));
    this.#threads.push(thread);
    return thread;
  }
}

interface Thread {
  readonly worker: Worker;
  /** What it has not answered yet. */
  readonly tasks: Map<number, Task>;
}

interface Task {
  readonly resolve: (failed: readonly number[]) => void;
  readonly reject: (reason: unknown) => void;
}

function settle({ worker, tasks }: Thread, { id, failed }: JobAnswer): void {
  const task = tasks.get(id);
  tasks.delete(id);
  if (tasks.size === 0) worker.unref();
  task?.resolve(failed);
}

function rejectAll({ tasks }: Thread, error: unknown): void {
  for (const task of tasks.values()) task.reject(error);
  tasks.clear();
}

function closed(): Error {
  return new Error('the threads of the loader were closed');
}
