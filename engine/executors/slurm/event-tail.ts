import { LineTail } from '../../run/line-tail.ts';
import { openLine } from '../../run/sealed-line.ts';
import { parseFromWorker } from '../../worker/parse-message.ts';
import type { FromWorker } from '../../worker/protocol.ts';

/** What the worker of a job tells, as it tells it. Damaged lines are passed over. */
export class EventTail {
  readonly #lines: LineTail;

  constructor(path: string) {
    this.#lines = new LineTail(path);
  }

  /** What came since the last time. */
  async read(): Promise<readonly FromWorker[]> {
    const text = await this.#lines.read();
    return text.split('\n').flatMap((line) => {
      const message = line === '' ? undefined : parseFromWorker(openLine(line));
      return message === undefined ? [] : [message];
    });
  }
}
