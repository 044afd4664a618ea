import { open } from 'node:fs/promises';
import type { RunEvent } from './events.ts';
import { parseEvents } from './journal.ts';

const chunkBytes = 1 << 20;

/** The events of a run as they are written: each call gives those that came since the one before. */
export class JournalTail {
  readonly #path: string;
  #position = 0;
  /** Bytes of a line whose end is not written yet. */
  #torn = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  async read(): Promise<readonly RunEvent[]> {
    const events: RunEvent[] = [];
    try {
      await using file = await open(this.#path, 'r');
      const chunk = Buffer.allocUnsafe(chunkBytes);
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, chunkBytes, this.#position);
        if (bytesRead === 0) return events;
        this.#position += bytesRead;
        const bytes = Buffer.concat([this.#torn, chunk.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf(10) + 1;
        this.#torn = Buffer.from(bytes.subarray(end));
        events.push(...parseEvents(bytes.toString('utf8', 0, end)));
      }
    } catch {
      // Nothing has been written yet.
      return events;
    }
  }
}
