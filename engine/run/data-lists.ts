import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdentifiedData } from '../keys/data-identity.ts';

/** Lists of data files as files of the run, each written once: too long to send with every job. */
export class DataLists {
  readonly #dir: string;
  readonly #written = new Map<IdentifiedData, Promise<string>>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** Path of the list, or undefined for data without files. */
  async pathOf(data: IdentifiedData): Promise<string | undefined> {
    if (data.files.length === 0) return undefined;
    let path = this.#written.get(data);
    if (path === undefined) this.#written.set(data, (path = this.#write(data)));
    return path;
  }

  async #write(data: IdentifiedData): Promise<string> {
    const path = join(this.#dir, `${data.digest}.json`);
    const files = data.files.map(({ path: file, size, mtimeMs }) => ({ path: file, size, mtimeMs }));
    await writeFile(path, JSON.stringify(files));
    return path;
  }
}
