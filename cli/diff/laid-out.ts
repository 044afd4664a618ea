import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import { temporaryPrefix } from '../../cache/local/temporary-file.ts';
import type { Store } from '../../cache/store.ts';

/** Artifacts of a store as folders, each laid out once, until it is closed. */
export class LaidOutArtifacts {
  readonly #store: Store;
  readonly #dir: string;
  readonly #laidOut = new Map<Digest, string | undefined>();

  private constructor(store: Store, dir: string) {
    this.#store = store;
    this.#dir = dir;
  }

  static async open(store: Store): Promise<LaidOutArtifacts> {
    return new LaidOutArtifacts(store, await mkdtemp(join(store.root, 'tmp', `${temporaryPrefix}diff-`)));
  }

  /** Undefined where its bytes are no longer in the store. */
  async dirOf(digest: Digest): Promise<string | undefined> {
    if (this.#laidOut.has(digest)) return this.#laidOut.get(digest);
    const dir = join(this.#dir, digest);
    const result = await this.#store.artifacts.materialise(digest, dir);
    const found = result.kind === 'materialised' ? dir : undefined;
    this.#laidOut.set(digest, found);
    return found;
  }

  close(): Promise<void> {
    return rm(this.#dir, { recursive: true, force: true });
  }
}
