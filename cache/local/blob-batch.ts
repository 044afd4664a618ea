import { closeSync, fsyncSync, openSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { digestOf } from '../digest.ts';
import type { PutOptions } from '../artifact-store.ts';
import type { Digest } from '../digest.ts';
import type { StoreFolder } from '../store.ts';
import type { CopyRequest, FileCopier } from './copy-file.ts';
import { refreshBlob } from './refresh-blob.ts';
import { blobPath, folderPath, randomName } from './store-folder.ts';
import { syncFolder } from './sync-folder.ts';
import { TemporaryFile, temporaryPrefix } from './temporary-file.ts';

/** Up to this size a file is read whole: hashing it first costs nothing, and often saves the writing. */
const smallBytes = 1024 * 1024;
/** So many files are open at most before they are published. */
const mostUnnamed = 64;
/** More files than that are synced side by side, which spares the disk most of the single ones' waits. */
const syncedInTurn = 2;

export interface BlobInBatch {
  readonly digest: Digest;
  readonly sizeBytes: number;
}

/**
 * Blobs that are published together: all are written and synced before the first is given its name, they are named in the
 * order in which they came, and each folder is synced once, at the end. So an artifact of one small file costs hardly
 * more waiting for the disk than that file. Throws system errors.
 */
export class BlobBatch implements Disposable {
  readonly #folder: StoreFolder;
  readonly #copier: FileCopier;
  readonly #isSynced: boolean;
  readonly #unnamed: { readonly file: TemporaryFile; readonly target: string }[] = [];
  /** Whose entries are not on the disk yet. */
  readonly #folders = new Set<string>();

  constructor(folder: StoreFolder, copier: FileCopier, { synced = true }: PutOptions = {}) {
    this.#folder = folder;
    this.#copier = copier;
    this.#isSynced = synced;
  }

  async add(content: Uint8Array | string): Promise<BlobInBatch> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const blob = { digest: digestOf(bytes), sizeBytes: bytes.byteLength };
    if (await this.#isThere(blob)) return blob;
    const file = await TemporaryFile.write(this.#folder, folderPath(this.#folder, 'tmp'), bytes);
    await this.#take(file, blob.digest);
    return blob;
  }

  /** `copying`: told of what is copied, and awaited. */
  async addFile(path: string, copying: Pick<CopyRequest, 'onBytes' | 'pace'> = {}): Promise<BlobInBatch> {
    const { size } = statSync(path);
    if (size <= smallBytes) {
      await copying.pace?.(size);
      return await this.add(readFileSync(path));
    }
    const copy = `${folderPath(this.#folder, 'tmp')}/${randomName(temporaryPrefix)}`;
    const { digest, sizeBytes } = await this.#copier.copy({
      source: path,
      target: copy,
      mode: 0o444,
      willBeSynced: this.#isSynced,
      ...copying,
    });
    const blob = { digest, sizeBytes };
    const file = TemporaryFile.adopt(this.#folder, copy);
    let isNew = false;
    try {
      isNew = !(await this.#isThere(blob));
    } finally {
      if (!isNew) file[Symbol.dispose]();
    }
    if (isNew) await this.#take(file, digest);
    return blob;
  }

  /** All that was added is in its place, and unless told otherwise on the disk, when this resolves. */
  async publish(): Promise<void> {
    await this.#name();
    if (!this.#isSynced) return;
    for (const folder of this.#folders) syncFolder(folder);
    this.#folders.clear();
  }

  [Symbol.dispose](): void {
    for (const { file } of this.#unnamed.splice(0)) file[Symbol.dispose]();
  }

  /**
   * A blob that is there is not written again. Its bytes are synced all the same: others may have named it a moment ago, or
   * not have cared (see `putUnsynced`). Where they have, that costs nothing.
   */
  async #isThere({ digest, sizeBytes }: BlobInBatch): Promise<boolean> {
    const path = blobPath(this.#folder, digest);
    if (
      !(await refreshBlob(this.#folder, {
        digest,
        sizeBytes,
        ...(this.#isSynced ? { whenThere: syncFile } : {}),
      }))
    )
      return false;
    this.#folders.add(dirname(path));
    return true;
  }

  async #take(file: TemporaryFile, digest: Digest): Promise<void> {
    this.#unnamed.push({ file, target: blobPath(this.#folder, digest) });
    if (this.#unnamed.length >= mostUnnamed) await this.#name();
  }

  async #name(): Promise<void> {
    const unnamed = this.#unnamed.splice(0);
    try {
      if (this.#isSynced) await syncAll(unnamed.map(({ file }) => file));
      else for (const { file } of unnamed) file.leaveUnsynced();
      for (const { file, target } of unnamed) {
        await file.nameAs(target);
        this.#folders.add(dirname(target));
      }
    } finally {
      for (const { file } of unnamed) file[Symbol.dispose]();
    }
  }
}

async function syncAll(files: readonly TemporaryFile[]): Promise<void> {
  if (files.length <= syncedInTurn) {
    for (const file of files) file.syncNow();
    return;
  }
  // None may be closed while it is still being synced.
  const ended = await Promise.allSettled(files.map((file) => file.sync()));
  for (const outcome of ended) if (outcome.status === 'rejected') throw outcome.reason;
}

function syncFile(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
