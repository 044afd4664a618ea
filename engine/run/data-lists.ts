import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import { share } from '../../cache/local/store-folder.ts';
import type { Sharing } from '../../cache/store.ts';
import type { DataFile } from '../contract/task-context.ts';
import type { IdentifiedData } from '../keys/data-identity.ts';

/** A data file as a run lists it. */
export interface ListedFile extends DataFile {
  /** The beginning of its digest: enough to tell two contents of one path apart, in a list that may have a million lines. */
  readonly sha256: string;
}

export function shortDigest(sha256: Digest): string {
  return sha256.slice(0, 16);
}

/** Name of the list of a data set's files in a run's folder for them. */
export function dataListName(digest: string): string {
  return `${digest}.json`;
}

/** Lists of data files as files of the run, each written once: too long to send with every job. Kept for `why`. */
export class DataLists {
  readonly #dir: string;
  readonly #sharing: Sharing;
  readonly #written = new Map<IdentifiedData, Promise<string>>();

  constructor(dir: string, { sharing }: { readonly sharing: Sharing } = { sharing: 'umask' }) {
    this.#dir = dir;
    this.#sharing = sharing;
  }

  /** Path of the list, or undefined for data without files. */
  async pathOf(data: IdentifiedData): Promise<string | undefined> {
    if (data.files.length === 0) return undefined;
    let path = this.#written.get(data);
    if (path === undefined) this.#written.set(data, (path = this.#write(data)));
    return path;
  }

  async #write(data: IdentifiedData): Promise<string> {
    const path = join(this.#dir, dataListName(data.digest));
    const files = data.files.map(({ path: file, size, mtimeMs, sha256 }): ListedFile => {
      return { path: file, size, mtimeMs, sha256: shortDigest(sha256) };
    });
    await writeFile(path, JSON.stringify(files));
    await share(path, { sharing: this.#sharing }, 0o644);
    return path;
  }
}
