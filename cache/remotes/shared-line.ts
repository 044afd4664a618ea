import { chmodSync, closeSync, mkdirSync, openSync, statSync, unlinkSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { digestOf } from '../digest.ts';
import { namesNow } from '../local/names-in.ts';
import { folderPath, randomName, sharedFolderMode } from '../local/store-folder.ts';
import { temporaryPrefix } from '../local/temporary-file.ts';
import type { Sharing, StoreFolder } from '../store.ts';
import { errorCode } from '../system-error.ts';

/** How often whoever has something on the line says so, and looks who else has. */
const signMs = 500;
/** Whose last sign is older has nothing on the line, or is no more. */
const silentMs = 4 * signMs;
/** What is as old as this belongs to nobody. */
const abandonedMs = 60_000;

/**
 * How many processes of this machine share the line to a remote at a time, so that each takes its part of it alone. Each that has something
 * under way says so by the time of a file of its own in the store; whoever is killed is forgotten a moment later, and there is no lock to be
 * left behind. All these times are this machine's. Best effort: a store that may only be read knows of nobody else.
 */
export class SharedLine {
  readonly #dir: string;
  readonly #own: string;
  readonly #sharing: Sharing;
  readonly #nowMs: () => number;
  #lookedMs = -Infinity;
  #sharers = 1;
  #waiting = 0;
  #signs: NodeJS.Timeout | undefined;

  /** `name`: of the line, e.g. the remote and which way. */
  constructor(folder: StoreFolder, name: string, nowMs: () => number = Date.now) {
    const line = digestOf(`${hostname()} ${name}`).slice(0, 16);
    this.#dir = `${folderPath(folder, 'tmp')}/${temporaryPrefix}line-${line}`;
    this.#own = `${this.#dir}/${randomName('')}`;
    this.#sharing = folder.sharing;
    this.#nowMs = nowMs;
  }

  /** How many have something under way, this process included, which says so by asking. */
  sharers(): number {
    const nowMs = this.#nowMs();
    if (Math.abs(nowMs - this.#lookedMs) < signMs) return this.#sharers;
    this.#lookedMs = nowMs;
    try {
      this.#sign(nowMs);
      this.#sharers = 1 + this.#others(nowMs);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      this.#sharers = 1;
    }
    return this.#sharers;
  }

  /** Goes on saying so until the answer is disposed of: a turn may be longer in coming than a sign lasts. */
  hold(): Disposable {
    this.#waiting += 1;
    this.#signs ??= setInterval(() => this.sharers(), signMs).unref();
    return {
      [Symbol.dispose]: () => {
        this.#waiting -= 1;
        if (this.#waiting > 0) return;
        clearInterval(this.#signs);
        this.#signs = undefined;
      },
    };
  }

  #sign(nowMs: number): void {
    try {
      utimesSync(this.#own, nowMs / 1000, nowMs / 1000);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
      const isNew = mkdirSync(this.#dir, { recursive: true }) !== undefined;
      if (isNew && this.#sharing === 'group') chmodSync(this.#dir, sharedFolderMode);
      closeSync(openSync(this.#own, 'a', 0o600));
      utimesSync(this.#own, nowMs / 1000, nowMs / 1000);
    }
  }

  #others(nowMs: number): number {
    let others = 0;
    for (const name of namesNow(this.#dir)) {
      const path = `${this.#dir}/${name}`;
      if (path === this.#own) continue;
      const ageMs = nowMs - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity);
      if (Math.abs(ageMs) < silentMs) others += 1;
      else if (ageMs > abandonedMs) removeIfOurs(path);
    }
    return others;
  }
}

/** In a shared store it may be somebody else's, or gone meanwhile. */
function removeIfOurs(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
