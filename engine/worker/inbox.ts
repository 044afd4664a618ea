import type { StopReason } from '../contract/task-context.ts';
import { parseToWorker } from './parse-message.ts';
import type { Binding, Job } from './protocol.ts';

export interface ReceivedJob {
  readonly job: Job;
  /** Aborted when the job is to stop; its signal's reason is a `StopReason`. */
  readonly stop: AbortController;
}

/** The channel's messages, sorted: one binding, jobs one after another, and reasons to stop. */
export class Inbox {
  #binding: Binding | undefined;
  readonly #jobs: ReceivedJob[] = [];
  #closed = false;
  /** Stops the job that came last, from its arrival to its end. */
  #inHand: AbortController | undefined;
  #wake: () => void = () => undefined;

  constructor() {
    process.on('message', (value) => this.#receive(value));
    // The driver is gone. What is in hand is finished and published; nothing more will come.
    process.on('disconnect', () => this.#close());
    // Ctrl-C reaches the whole foreground; what it means is for the driver to say.
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => {
      this.#inHand?.abort({ kind: 'stopped' } satisfies StopReason);
      this.#close();
    });
    if (!process.connected) this.#close();
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  async binding(): Promise<Binding | undefined> {
    while (this.#binding === undefined && !this.#closed) await this.#message();
    return this.#binding;
  }

  /** The next job; undefined when there will be none. */
  async job(): Promise<ReceivedJob | undefined> {
    while (this.#jobs.length === 0 && !this.#closed) await this.#message();
    return this.#closed ? undefined : this.#jobs.shift();
  }

  /** After which a late request to stop means nothing to this job; the next may have come already. */
  endJob({ stop }: ReceivedJob): void {
    if (this.#inHand === stop) this.#inHand = undefined;
  }

  #message(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #receive(value: unknown): void {
    const message = parseToWorker(value);
    switch (message?.kind) {
      case 'bind':
        this.#binding = message.binding;
        break;
      case 'run':
        // From here on: a stop may come before the job has begun.
        this.#inHand = new AbortController();
        this.#jobs.push({ job: message.job, stop: this.#inHand });
        break;
      case 'stop':
        this.#inHand?.abort(message.reason);
        break;
      case 'leave':
        this.#close();
        break;
      case undefined:
        return;
    }
    this.#wake();
  }

  #close(): void {
    this.#closed = true;
    this.#wake();
  }
}
