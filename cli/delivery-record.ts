import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { digestOf } from '../cache/digest.ts';
import type { Digest } from '../cache/digest.ts';
import type { StoreFolder } from '../cache/store.ts';
import { errorCode } from '../cache/system-error.ts';

/** A file as it was delivered: what tells, without reading, that nobody has touched it since. */
type Stamp = readonly [path: string, size: number, mtimeMs: number, ctimeMs: number, inode: number];

interface Placed {
  readonly digest: Digest;
  /** The file, or the folder that holds them all. */
  readonly path: string;
  readonly stamps: readonly Stamp[];
}

const format = 'deliveries 1';
/** Two changes of a file within one tick of the kernel's clock have one time; on some file systems, within a second. */
const tickMs = 20;
const coarseMs = 2_100;

/**
 * What lies delivered in one folder, and from which artifact: so that a run which changes nothing copies and reads
 * nothing. A sealed file in the store's `index/`, which can be deleted at any time.
 */
export class DeliveryRecord {
  readonly #file: string;
  readonly #before: ReadonlyMap<string, Placed>;
  /** When the record was written, by the store's file system. */
  readonly #writtenMs: number;
  readonly #now = new Map<string, Placed>();
  #isChanged = false;

  static open(store: StoreFolder, outDir: string): DeliveryRecord {
    const file = join(store.root, 'index', `delivered-${digestOf(outDir).slice(0, 32)}`);
    try {
      const before = parse(readFileSync(file, 'utf8'));
      return new DeliveryRecord(file, before, statSync(file).mtimeMs);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return new DeliveryRecord(file, new Map(), 0);
    }
  }

  private constructor(file: string, before: ReadonlyMap<string, Placed>, writtenMs: number) {
    this.#file = file;
    this.#before = before;
    this.#writtenMs = writtenMs;
  }

  /** Where `target` was delivered from this artifact, if it lies there untouched. */
  standing(target: string, digest: Digest): string | undefined {
    const placed = this.#before.get(target);
    if (placed?.digest !== digest || !placed.stamps.every((stamp) => this.#isUntouched(stamp)))
      return undefined;
    this.#now.set(target, placed);
    return placed.path;
  }

  /** Enters what has just been delivered. */
  enter(
    target: string,
    placed: { readonly digest: Digest; readonly path: string; readonly files: readonly string[] },
  ): void {
    this.#isChanged = true;
    const stamps = placed.files.map(stampOf);
    if (stamps.every((stamp) => stamp !== undefined)) {
      this.#now.set(target, { digest: placed.digest, path: placed.path, stamps });
    }
  }

  /** Best effort: what is not recorded is compared byte by byte next time. */
  save(): void {
    if (!this.#isChanged && this.#now.size === this.#before.size) return;
    const fresh = join(this.#file, '..', `tmp-${randomBytes(12).toString('hex')}`);
    try {
      writeFileSync(fresh, formatRecord(this.#now), { flag: 'wx' });
      renameSync(fresh, this.#file);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      rmSync(fresh, { force: true });
    }
  }

  #isUntouched(stamp: Stamp): boolean {
    const [path, size, mtimeMs, ctimeMs, inode] = stamp;
    const settledMs = Number.isInteger(ctimeMs / 1000) ? coarseMs : tickMs;
    if (this.#writtenMs - ctimeMs <= settledMs) return false;
    const now = stampOf(path);
    return (
      now !== undefined && now[1] === size && now[2] === mtimeMs && now[3] === ctimeMs && now[4] === inode
    );
  }
}

function stampOf(path: string): Stamp | undefined {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : [path, stats.size, stats.mtimeMs, stats.ctimeMs, stats.ino];
}

function formatRecord(placed: ReadonlyMap<string, Placed>): string {
  const lines = Array.from(placed, ([target, { digest, path, stamps }]) =>
    JSON.stringify([target, digest, path, stamps]),
  );
  const text = [format, ...lines, ''].join('\n');
  return `${text}${digestOf(text)}\n`;
}

/** Nothing where as much as a bit has changed. */
function parse(text: string): ReadonlyMap<string, Placed> {
  const body = text.slice(0, -65);
  const placed = new Map<string, Placed>();
  if (text.slice(-65) !== `${digestOf(body)}\n` || !body.startsWith(`${format}\n`)) return placed;
  for (const line of body.split('\n').slice(1, -1)) {
    const [target, digest, path, stamps] = JSON.parse(line) as [string, Digest, string, readonly Stamp[]];
    placed.set(target, { digest, path, stamps });
  }
  return placed;
}
