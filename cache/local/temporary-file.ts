import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { errorCode, withPath } from '../system-error.ts';
import { makeFolder, randomName } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { fsyncMeanwhile, syncFolder } from './sync-folder.ts';

/** Names of files that are not published yet begin so, in whatever folder they lie. */
export const temporaryPrefix = 'tmp-';

/**
 * A file on its way into the store. Nobody sees it before it is whole: it is written under a random name, synced, and
 * then renamed or linked into place. Disposal removes what was not published.
 *
 * The calls are made at one go, not through the thread pool: for a small file the way there and back costs several times
 * what the call does.
 */
export class TemporaryFile implements Disposable {
  readonly path: string;
  readonly #folder: StoreFolder;
  #open: number | undefined;
  #gone = false;

  /** Written whole in `directory`, which has to be on the file system of the later place. For content that is small. */
  static async write(
    folder: StoreFolder,
    directory: string,
    content: string | Uint8Array,
  ): Promise<TemporaryFile> {
    const path = `${directory}/${randomName(temporaryPrefix)}`;
    const descriptor = await withFolder(folder, path, () => openSync(path, 'wx', 0o444));
    const file = new TemporaryFile(folder, path, descriptor);
    try {
      writeFileSync(descriptor, content);
      return file;
    } catch (error) {
      file[Symbol.dispose]();
      throw withPath(error, path);
    }
  }

  /** Takes over a file that a copy has made at a random name. */
  static adopt(folder: StoreFolder, path: string): TemporaryFile {
    try {
      return new TemporaryFile(folder, path, openSync(path, 'r'));
    } catch (error) {
      removeIfThere(path);
      throw error;
    }
  }

  private constructor(folder: StoreFolder, path: string, descriptor: number) {
    this.path = path;
    this.#folder = folder;
    this.#open = descriptor;
  }

  /** Brings the bytes to the disk and closes the file. Nothing else of this process goes on meanwhile. */
  syncNow(): void {
    const descriptor = this.#readable();
    try {
      fsyncSync(descriptor);
    } catch (error) {
      throw withPath(error, this.path);
    }
    this.#close();
  }

  /** As `syncNow`, while other things go on: for large files, and for many. */
  async sync(): Promise<void> {
    const descriptor = this.#readable();
    try {
      await fsyncMeanwhile(descriptor);
    } catch (error) {
      throw withPath(error, this.path);
    }
    this.#close();
  }

  /** Closes the file without waiting for the disk: for what a power cut may take. */
  leaveUnsynced(): void {
    this.#readable();
    this.#close();
  }

  /** Publishes under `target`, in place of what may be there, and syncs the folder. */
  async renameTo(target: string): Promise<void> {
    await this.nameAs(target);
    syncFolder(dirname(target));
  }

  /** As `renameTo`, but leaves it to the caller to sync the folder. */
  async nameAs(target: string): Promise<void> {
    await withFolder(this.#folder, target, () => renameSync(this.path, target));
    this.#gone = true;
  }

  /** Publishes under `target` unless somebody was first, and syncs the folder. Answers whether we were first. */
  linkTo(target: string): boolean {
    const linked = this.nameUnlessTaken(target);
    if (linked) syncFolder(dirname(target));
    return linked;
  }

  /** As `linkTo`, but leaves it to the caller to sync the folder, where that matters. */
  nameUnlessTaken(target: string): boolean {
    const linked = this.#tryLink(target);
    unlinkSync(this.path);
    this.#gone = true;
    return linked;
  }

  #tryLink(target: string): boolean {
    try {
      linkSync(this.path, target);
      return true;
    } catch (error) {
      // Over NFS a reply may get lost and the repeated request fail, though the first one linked.
      if (statSync(this.path).nlink === 2) return true;
      if (errorCode(error) === 'EEXIST') return false;
      throw error;
    }
  }

  /** The open file, with the permissions that it is published with. */
  #readable(): number {
    if (this.#open === undefined) throw new Error(`${this.path} is closed`);
    if (this.#folder.sharing === 'group') fchmodSync(this.#open, 0o444);
    return this.#open;
  }

  #close(): void {
    const descriptor = this.#open;
    this.#open = undefined;
    if (descriptor !== undefined) closeSync(descriptor);
  }

  [Symbol.dispose](): void {
    try {
      this.#close();
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
    if (!this.#gone) removeIfThere(this.path);
  }
}

/** Best effort: what stays is removed by garbage collection. */
function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** How often a folder that vanished under us is made again before its absence is believed. */
const mostAttempts = 8;

/**
 * Runs `action`, again after making the folder of `path` where that was what failed. More than once: others make the
 * same folder by rename, which puts theirs in place of an empty one of ours.
 */
async function withFolder<T>(folder: StoreFolder, path: string, action: () => T): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return action();
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' || attempt === mostAttempts) throw error;
      await makeFolder(dirname(path), folder.sharing);
    }
  }
}
