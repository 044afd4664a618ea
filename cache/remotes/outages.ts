import { existsSync } from 'node:fs';
import { makeFolder } from '../local/store-folder.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';

/**
 * Which remotes are left alone for the rest of a run: what one of its processes has found dead the others need not find out
 * as well, each after a wait of its own. A file a remote, in a folder of the run's; best effort.
 */
export class Outages {
  readonly #folder: StoreFolder;
  readonly #dir: string;
  readonly #out = new Set<string>();

  /** `dir`: in the store, made when there is an outage to tell of. */
  constructor(folder: StoreFolder, dir: string) {
    this.#folder = folder;
    this.#dir = dir;
  }

  has(name: string): boolean {
    if (this.#out.has(name)) return true;
    if (!existsSync(`${this.#dir}/${name}`)) return false;
    this.#out.add(name);
    return true;
  }

  /** Answers whether nobody had said so before. */
  async add(name: string): Promise<boolean> {
    if (this.#out.has(name)) return false;
    this.#out.add(name);
    const isFirst = await guarded(this.#dir, async () => {
      await makeFolder(this.#dir, this.#folder.sharing);
      using note = await TemporaryFile.write(this.#folder, this.#dir, '');
      return { named: note.nameUnlessTaken(`${this.#dir}/${name}`) };
    });
    return !('named' in isFirst) || isFirst.named;
  }
}
