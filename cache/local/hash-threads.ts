import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { FileContent } from './file-content.ts';

/**
 * What a thread runs. It is text, in the older module format, so that it goes along into any bundle and needs no file of
 * its own. It blocks while it reads and hashes: that is what the thread is for.
 */
const program = `
const { createHash } = require('node:crypto');
const { closeSync, fstatSync, openSync, readSync } = require('node:fs');
const { parentPort } = require('node:worker_threads');
const buffer = Buffer.allocUnsafeSlow(1024 * 1024);

function hashed(path, stop) {
  const file = openSync(path, 'r');
  try {
    const hash = createHash('sha256');
    let sizeBytes = 0;
    while (Atomics.load(stop, 0) === 0) {
      const length = readSync(file, buffer, 0, buffer.length, null);
      if (length === 0) break;
      hash.update(buffer.subarray(0, length));
      sizeBytes += length;
    }
    return { digest: hash.digest('hex'), sizeBytes, inode: fstatSync(file).ino };
  } finally {
    closeSync(file);
  }
}

parentPort.on('message', ({ path, stop }) => {
  try {
    parentPort.postMessage({ content: hashed(path, stop) });
  } catch ({ message, code, syscall }) {
    parentPort.postMessage({ failure: { message, code, syscall, path } });
  }
});
`;

type Answer =
  | { readonly content: FileContent }
  | { readonly failure: { readonly message: string; readonly [field: string]: unknown } };

export interface LargeFile {
  readonly path: string;
  /** Hashes it on this thread. */
  readonly here: () => Promise<FileContent>;
  readonly signal: AbortSignal | undefined;
}

/**
 * Threads that hash large files: one file keeps one core busy, and often there are several of both. They are started when
 * they are needed, and do not keep the process alive.
 */
export class HashThreads {
  readonly #most: number;
  readonly #idle: Worker[] = [];
  #busy = 0;
  #here = 0;

  constructor(most: number = availableParallelism() - 1) {
    this.#most = most;
  }

  /** The first file at a time is hashed here, others by threads as long as there are any. Throws system errors. */
  async hash({ path, here, signal }: LargeFile): Promise<FileContent> {
    if (this.#here > 0 && this.#busy < this.#most) {
      signal?.throwIfAborted();
      return await this.#hash(this.#idle.pop() ?? new Worker(program, { eval: true }), path, signal);
    }
    this.#here += 1;
    try {
      return await here();
    } finally {
      this.#here -= 1;
    }
  }

  async #hash(thread: Worker, path: string, signal: AbortSignal | undefined): Promise<FileContent> {
    this.#busy += 1;
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const onAbort = (): void => void Atomics.store(stop, 0, 1);
    signal?.addEventListener('abort', onAbort);
    thread.ref();
    try {
      const answer = await answerOf(thread, { path, stop });
      this.#idle.push(thread);
      signal?.throwIfAborted();
      if ('content' in answer) return answer.content;
      throw Object.assign(new Error(answer.failure.message), answer.failure);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      thread.unref();
      this.#busy -= 1;
    }
  }
}

function answerOf(
  thread: Worker,
  question: { readonly path: string; readonly stop: Int32Array },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      thread.off('message', onMessage).off('error', onError);
      act();
    };
    const onMessage = (answer: Answer): void => settle(() => resolve(answer));
    const onError = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    thread.on('message', onMessage).on('error', onError);
    thread.postMessage(question);
  });
}
