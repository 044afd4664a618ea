import { dirname } from 'node:path';
import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { blobPath } from '../local/store-folder.ts';
import { syncFolderMeanwhile } from '../local/sync-folder.ts';
import { TemporaryFile } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';

/** A file at a random name whose bytes are those of the digest. */
interface Arrived {
  readonly path: string;
  readonly digest: Digest;
}

type Published = { readonly kind: 'fetched' } | StoreFailure;

/**
 * Gives blobs their names once they are on the disk. What arrives while others are being synced is synced together, as file systems with
 * a journal like it: blob after blob, a thousand small ones wait for the disk two thousand times.
 */
export class GroupPublisher {
  readonly #folder: StoreFolder;
  #waiting: { readonly arrived: Arrived; readonly tell: (published: Published) => void }[] = [];
  #isRunning = false;

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** Resolves when the blob is in its place, and on the disk. */
  publish(arrived: Arrived): Promise<Published> {
    return new Promise((tell) => {
      this.#waiting.push({ arrived, tell });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0);
      const named = await Promise.all(group.map(({ arrived }) => this.#name(arrived)));
      const folders = new Map<string, Promise<StoreFailure | undefined>>();
      for (const [index, { arrived }] of group.entries()) {
        const dir = dirname(blobPath(this.#folder, arrived.digest));
        if (named[index] === undefined && !folders.has(dir)) folders.set(dir, sync(dir));
      }
      for (const [index, { arrived, tell }] of group.entries()) {
        const synced = await folders.get(dirname(blobPath(this.#folder, arrived.digest)));
        tell(named[index] ?? synced ?? { kind: 'fetched' });
      }
    }
    this.#isRunning = false;
  }

  /** The failure, if there was one. */
  #name({ path, digest }: Arrived): Promise<StoreFailure | undefined> {
    return guarded<StoreFailure | undefined>(path, async () => {
      using file = TemporaryFile.adopt(this.#folder, path);
      await file.sync();
      await file.nameAs(blobPath(this.#folder, digest));
      return undefined;
    });
  }
}

/** The failure, if there was one. */
function sync(dir: string): Promise<StoreFailure | undefined> {
  return guarded<StoreFailure | undefined>(dir, async () => {
    await syncFolderMeanwhile(dir);
    return undefined;
  });
}
