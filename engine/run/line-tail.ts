import { open } from 'node:fs/promises';

const chunkBytes = 1 << 20;

/** The lines of a file as they are written: each call gives those that came since the one before. */
export class LineTail {
  readonly #path: string;
  #position = 0;
  /** Bytes of a line whose end is not written yet. */
  #torn = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** Whole lines, as text. */
  async read(): Promise<string> {
    let lines = '';
    try {
      await using file = await open(this.#path, 'r');
      const chunk = Buffer.allocUnsafe(chunkBytes);
      for (;;) {
        const { bytesRead } = await file.read(chunk, 0, chunkBytes, this.#position);
        if (bytesRead === 0) return lines;
        this.#position += bytesRead;
        const bytes = Buffer.concat([this.#torn, chunk.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf(10) + 1;
        this.#torn = Buffer.from(bytes.subarray(end));
        lines += bytes.toString('utf8', 0, end);
      }
    } catch {
      // Nothing has been written yet.
      return lines;
    }
  }
}
