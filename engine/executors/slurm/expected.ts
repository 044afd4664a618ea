import type { TaskKey } from '../../../cache/digest.ts';
import type { Outputs } from '../../run/events.ts';
import { completedJob } from '../../worker/draft-job.ts';
import { outputsOfPart } from '../../worker/part-events.ts';
import type { Job } from '../../worker/protocol.ts';
import { eventsFile } from './batch-files.ts';
import type { QueuedElement, QueuedPart } from './queued-element.ts';

/** A part that a job comes to after others, and that nobody has asked for. */
export interface ExpectedPart {
  readonly part: number;
  readonly draft: Job;
  readonly after: readonly number[];
}

interface Waiting extends ExpectedPart {
  readonly element: QueuedElement;
}

/** What jobs in the queue will go on with by themselves. Its key is known when what it reads is made. */
export class Expected {
  readonly #outputs = new Map<QueuedElement, Map<number, Outputs>>();
  readonly #waiting = new Set<Waiting>();
  readonly #byKey = new Map<TaskKey, QueuedPart>();

  /** Elements with parts that nobody has asked for. */
  get elements(): ReadonlySet<QueuedElement> {
    return new Set([...this.#waiting, ...this.#byKey.values()].map(({ element }) => element));
  }

  add(element: QueuedElement, parts: readonly ExpectedPart[]): void {
    for (const part of parts) this.#waiting.add({ ...part, element });
  }

  /** A part has a result. */
  made(element: QueuedElement, part: number, outputs: Outputs): void {
    const known = this.#outputs.get(element) ?? new Map<number, Outputs>();
    this.#outputs.set(element, known.set(part, outputs));
    for (const waiting of this.#waiting) {
      if (waiting.element !== element || !waiting.after.every((each) => known.has(each))) continue;
      this.#waiting.delete(waiting);
      const job = completedJob(waiting.draft, (each) => known.get(each));
      if (job !== undefined) this.#byKey.set(job.key, { element, part: waiting.part });
    }
  }

  /** Looks what parts have made whose results nobody here has waited for. */
  look(): void {
    for (const element of new Set([...this.#waiting].map((each) => each.element))) {
      if (element.driver === 'us') continue;
      const parts = new Set(
        [...this.#waiting].flatMap((each) => (each.element === element ? each.after : [])),
      );
      for (const part of parts) {
        if (this.#outputs.get(element)?.has(part) === true) continue;
        const outputs = outputsOfPart(eventsFile(element.files, { index: element.index, part }));
        if (outputs !== undefined) this.made(element, part, outputs);
      }
    }
  }

  has(key: TaskKey): boolean {
    return this.#byKey.has(key);
  }

  /** The part with this key, which is expected no longer. */
  take(key: TaskKey): QueuedPart | undefined {
    const found = this.#byKey.get(key);
    this.#byKey.delete(key);
    return found;
  }

  clear(): void {
    this.#waiting.clear();
    this.#byKey.clear();
  }
}
