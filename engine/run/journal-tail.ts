import type { RunEvent } from './events.ts';
import { parseEvents } from './journal.ts';
import { LineTail } from './line-tail.ts';

/** The events of a run as they are written: each call gives those that came since the one before. */
export class JournalTail {
  readonly #lines: LineTail;

  constructor(path: string) {
    this.#lines = new LineTail(path);
  }

  async read(): Promise<readonly RunEvent[]> {
    return parseEvents(await this.#lines.read());
  }
}
