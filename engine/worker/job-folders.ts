import { mkdirSync, readdirSync, unlinkSync } from 'node:fs';
import { rm, rmdir, unlink } from 'node:fs/promises';
import { makeFolder } from '../../cache/local/store-folder.ts';
import type { StoreFolder } from '../../cache/store.ts';
import { newWorkFolder, workFolders } from './work-folders.ts';

/** Where a job keeps what. */
export interface JobFolder {
  /** Made, empty, and this job's alone: where its programs work. */
  readonly scratch: string;
  /** Not made yet. */
  readonly inputs: string;
  readonly hasInputs: boolean;
  /** One folder an output comes to lie in it. */
  readonly outputs: string;
}

/** So many folders may wait to be removed before a job waits for them. */
const mostWaiting = 32;
/** A folder from which another is being removed takes no new one meanwhile: so jobs take turns with as many. */
const parents = 8;

/**
 * The folders of a worker's jobs. Making and removing a folder is the dearest thing that a short task does to a file
 * system (on ext4 a removal can wait for milliseconds), so what programs never see, the folders of outputs, is emptied
 * and used again, and what they see is removed while the next job runs. A program that an earlier job has left behind finds itself
 * in a folder that is no longer there, never in another job's.
 */
export class JobFolders implements AsyncDisposable {
  readonly #store: StoreFolder;
  #base: string | undefined;
  #made = 0;
  #outputs: string | undefined;
  /** Folders of outputs that are there, and empty. */
  readonly #ready = new Set<string>();
  readonly #removing = new Set<Promise<void>>();

  constructor(store: StoreFolder) {
    this.#store = store;
  }

  async begin({ hasInputs }: { readonly hasInputs: boolean }): Promise<JobFolder> {
    while (this.#removing.size > mostWaiting) await Promise.race(this.#removing);
    if (this.#base === undefined) {
      const { root, sharing } = this.#store;
      await makeFolder(workFolders(root), sharing);
      const base = newWorkFolder(root);
      for (let parent = 0; parent < parents; parent++) mkdirSync(`${base}/${parent}`, { recursive: true });
      this.#base = base;
    }
    const number = ++this.#made;
    const scratch = `${this.#base}/${number % parents}/${number}`;
    mkdirSync(scratch);
    this.#outputs ??= `${this.#base}/outputs-${number}`;
    return { scratch, inputs: `${scratch}.inputs`, hasInputs, outputs: this.#outputs };
  }

  /** The empty folder of an output. */
  output({ outputs }: JobFolder, name: string): string {
    const dir = `${outputs}/${name}`;
    if (!this.#ready.delete(dir)) mkdirSync(dir, { recursive: true });
    return dir;
  }

  /** Files that a job which went well has left in its folders of outputs are removed at once, everything else soon. */
  end(
    { scratch, inputs, hasInputs, outputs }: JobFolder,
    made: { readonly names: readonly string[] } | undefined,
  ): void {
    // Code that failed may go on writing for a while; and what takes a while to remove must not lie, or go, under another job.
    const dirs = made?.names.map((name) => `${outputs}/${name}`);
    if (dirs?.every(isEmptied) === true) for (const dir of dirs) this.#ready.add(dir);
    else {
      this.#outputs = undefined;
      this.#ready.clear();
      this.#removeSoon(outputs);
    }
    this.#removeSoon(scratch);
    if (hasInputs) this.#removeSoon(inputs);
  }

  #removeSoon(dir: string): void {
    const removing: Promise<void> = remove(dir).finally(() => this.#removing.delete(removing));
    this.#removing.add(removing);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#removing);
    if (this.#base !== undefined) await removeWhole(this.#base);
  }
}

/** Removes the files of a folder that holds nothing else. */
function isEmptied(dir: string): boolean {
  try {
    for (const entry of readdirSync(dir, { withFileTypes: true })) {
      if (entry.isDirectory()) return false;
      unlinkSync(`${dir}/${entry.name}`);
    }
    return true;
  } catch {
    return false;
  }
}

async function remove(dir: string): Promise<void> {
  try {
    await removeTree(dir);
  } catch {
    await removeWhole(dir);
  }
}

/** Most folders hold a few empty ones, and links: `rm` would look at each three times. */
async function removeTree(dir: string): Promise<void> {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    const path = `${dir}/${entry.name}`;
    await (entry.isDirectory() ? removeTree(path) : unlink(path));
  }
  await rmdir(dir);
}

/** Best effort: what stays is removed by whoever sweeps after this process. */
async function removeWhole(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}
