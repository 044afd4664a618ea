import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import type { Clock } from '../clock.ts';
import { errorCode, guarded } from '../system-error.ts';
import { removeFile } from './claim-files.ts';
import { folderPath, share } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';

const beatMs = 20_000;
/** Fifteen beats: more than any pause of a busy process or a file server is likely to swallow. */
export const silenceMs: number = 5 * 60_000;
/** A process that is known to live, and hangs or is stopped: as long as a run bears with its own workers. */
export const silenceOfLivingMs: number = 15 * 60_000;

export function beatPath(folder: StoreFolder, nonce: string): string {
  return `${folderPath(folder, 'claims')}/${nonce}.beat`;
}

/** Says that an owner was silent too long and has lost its claim, to those who have not listened as long. */
export function givenUpPath(folder: StoreFolder, nonce: string): string {
  return `${folderPath(folder, 'claims')}/${nonce}.lost.beat`;
}

export interface HeartbeatRequest {
  readonly folder: StoreFolder;
  readonly clock: Clock;
  readonly nonce: string;
}

/**
 * Counts in a file of the claim's own until disposed, which removes it. It comes with the first beat, so that short tasks have none:
 * to others a missing counter stands still, and one that appears has moved. A beat that fails is skipped: the next one may
 * succeed.
 */
export function startHeartbeat({ folder, clock, nonce }: HeartbeatRequest): Disposable {
  const path = beatPath(folder, nonce);
  let count = 0;
  let isThere = false;
  const timer = clock.every(beatMs, () => {
    count += 1;
    try {
      // Opened and closed for each beat, since that is when NFS shows it to others. Once removed, it stays so.
      writeFileSync(path, beatText(count), { flag: isThere ? 'r+' : 'wx' });
      if (!isThere && folder.sharing === 'group') chmodSync(path, 0o644);
      isThere = true;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  });
  return {
    [Symbol.dispose]() {
      timer[Symbol.dispose]();
      if (isThere) removeSigns(folder, nonce);
    },
  };
}

/** Removes what others go by when they judge whether the owner lives: it needs no judging any more. */
export function removeSigns(folder: StoreFolder, nonce: string): void {
  removeFile(beatPath(folder, nonce));
  removeFile(givenUpPath(folder, nonce));
}

/** Times, by its own clock alone, how long the counters of others have stood still. */
export class SilenceWatch {
  readonly #folder: StoreFolder;
  readonly #clock: Clock;
  readonly #seen = new Map<string, { readonly beat: string; readonly atMs: number }>();

  constructor(folder: StoreFolder, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  /** Tells the others. Best effort: they would find out themselves, in time. */
  async giveUp(nonce: string): Promise<void> {
    const path = givenUpPath(this.#folder, nonce);
    await guarded(path, async () => {
      await writeFile(path, '');
      await share(path, this.#folder, 0o644);
    });
  }

  /** Looks at a counter. Only looks some time apart can tell: the first one answers false, unless somebody else has told. */
  async isTooLong(nonce: string, limitMs: number): Promise<boolean> {
    if (existsSync(givenUpPath(this.#folder, nonce))) return true;
    const beat = await readBeat(beatPath(this.#folder, nonce));
    const nowMs = this.#clock.monotonicMs();
    const seen = this.#seen.get(nonce);
    if (seen?.beat === beat) return nowMs - seen.atMs >= limitMs;
    this.#seen.set(nonce, { beat, atMs: nowMs });
    return false;
  }
}

/** A missing counter stands still, too. */
async function readBeat(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return '';
  }
}

/** Always as wide, so that after the first beating needs no space. */
function beatText(count: number): string {
  return `${String(count).padStart(12, '0')}\n`;
}
