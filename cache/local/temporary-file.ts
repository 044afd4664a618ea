import { link, open, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../system-error.ts';
import { makeFolder, randomName } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { syncFolder } from './sync-folder.ts';

/** Names of files that are not published yet begin so, in whatever folder they lie. */
export const temporaryPrefix = 'tmp-';

/**
 * A file on its way into the store. Nobody sees it before it is whole: it is written under a random name, synced, and
 * then renamed or linked into place. Disposal removes what was not published.
 */
export class TemporaryFile implements AsyncDisposable {
  readonly path: string;
  readonly #folder: StoreFolder;
  #handle: FileHandle | undefined;
  #gone = false;

  /** In `directory`, which has to be on the file system of the later place. */
  static async create(folder: StoreFolder, directory: string): Promise<TemporaryFile> {
    const path = `${directory}/${randomName(temporaryPrefix)}`;
    const handle = await withFolder(folder, path, () => open(path, 'wx', 0o444));
    return new TemporaryFile(folder, path, handle);
  }

  /** Takes over a file that a copy has made at a random name. */
  static async adopt(folder: StoreFolder, path: string): Promise<TemporaryFile> {
    try {
      return new TemporaryFile(folder, path, await open(path, 'r'));
    } catch (error) {
      await unlink(path).catch(() => undefined);
      throw error;
    }
  }

  private constructor(folder: StoreFolder, path: string, handle: FileHandle) {
    this.path = path;
    this.#folder = folder;
    this.#handle = handle;
  }

  get handle(): FileHandle {
    if (this.#handle === undefined) throw new Error(`${this.path} is closed`);
    return this.#handle;
  }

  /** Brings the bytes to the disk and closes the file. */
  async sync(): Promise<void> {
    if (this.#folder.sharing === 'group') await this.handle.chmod(0o444);
    await this.handle.sync();
    await this.#close();
  }

  /** Publishes under `target`, in place of what may be there, and syncs the folder. */
  async renameTo(target: string): Promise<void> {
    await withFolder(this.#folder, target, () => rename(this.path, target));
    this.#gone = true;
    await syncFolder(dirname(target));
  }

  /** Publishes under `target` unless somebody was first, and syncs the folder. Answers whether we were first. */
  async linkTo(target: string): Promise<boolean> {
    const linked = await this.#tryLink(target);
    await unlink(this.path);
    this.#gone = true;
    if (linked) await syncFolder(dirname(target));
    return linked;
  }

  async #tryLink(target: string): Promise<boolean> {
    try {
      await link(this.path, target);
      return true;
    } catch (error) {
      // Over NFS a reply may get lost and the repeated request fail, though the first one linked.
      if ((await stat(this.path)).nlink === 2) return true;
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  async #close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close().catch(() => undefined);
    if (!this.#gone) await unlink(this.path).catch(() => undefined);
  }
}

/** How often a folder that vanished under us is made again before its absence is believed. */
const mostAttempts = 8;

/**
 * Runs `action`, again after making the folder of `path` where that was what failed. More than once: others make the
 * same folder by rename, which puts theirs in place of an empty one of ours.
 */
async function withFolder<T>(folder: StoreFolder, path: string, action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await action();
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || attempt === mostAttempts) throw error;
      await makeFolder(dirname(path), folder.sharing);
    }
  }
}
