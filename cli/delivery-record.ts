import { chmodSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { digestOf } from '../cache/digest.ts';
import type { Sharing, StoreFolder } from '../cache/store.ts';
import { errorCode } from '../cache/system-error.ts';

/** A file as it was delivered: what tells, without reading, that nobody has touched it since. */
type Stamp = readonly [path: string, size: number, mtimeMs: number, ctimeMs: number, inode: number];

interface Placed {
  /** What it was made from: the artifact's digest, and of one that was dressed also the digest of what it says of itself. */
  readonly origin: string;
  /** The file, or the folder that holds them all. */
  readonly path: string;
  readonly stamps: readonly Stamp[];
}

const format = 'deliveries 2';
/** Two changes of a file within one tick of the kernel's clock have one time; on some file systems, within a second. */
const tickMs = 20;
const coarseMs = 2_100;

/**
 * What lies delivered in one folder, and what it was made from: so that a run which changes nothing copies and reads
 * nothing. A sealed file in the store's `index/`, which can be deleted at any time.
 */
export class DeliveryRecord {
  readonly #file: string;
  readonly #sharing: Sharing;
  readonly #before: ReadonlyMap<string, Placed>;
  readonly #sealBefore: string | undefined;
  /** When the record was written, by the store's file system. */
  readonly #writtenMs: number;
  readonly #now = new Map<string, Placed>();
  #isChanged = false;
  /** Its path, where what was there was not what had been written. */
  readonly damaged: string | undefined;

  static open(store: StoreFolder, outDir: string): DeliveryRecord {
    const file = join(store.root, 'index', `delivered-${digestOf(outDir).slice(0, 32)}`);
    try {
      const { placed, seal } = parse(readFileSync(file, 'utf8'));
      return new DeliveryRecord({
        file,
        sharing: store.sharing,
        before: placed,
        seal,
        writtenMs: statSync(file).mtimeMs,
      });
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      return new DeliveryRecord({
        file,
        sharing: store.sharing,
        before: new Map(),
        seal: undefined,
        writtenMs: 0,
      });
    }
  }

  private constructor(found: {
    readonly file: string;
    readonly sharing: Sharing;
    /** Undefined where the file is damaged. */
    readonly before: ReadonlyMap<string, Placed> | undefined;
    readonly seal: string | undefined;
    readonly writtenMs: number;
  }) {
    this.#file = found.file;
    this.#sharing = found.sharing;
    this.#before = found.before ?? new Map<string, Placed>();
    this.#sealBefore = found.seal;
    this.#writtenMs = found.writtenMs;
    this.damaged = found.before === undefined ? found.file : undefined;
    this.#isChanged = found.before === undefined;
  }

  /** All that was delivered, by the record of that seal, if it lies there untouched. */
  untouched(seal: string): readonly { readonly target: string; readonly path: string }[] | undefined {
    if (this.#sealBefore !== seal) return undefined;
    const all = [...this.#before];
    if (!all.every(([, { stamps }]) => stamps.every((stamp) => this.#isUntouched(stamp)))) return undefined;
    return all.map(([target, { path }]) => ({ target, path }));
  }

  /** Where `target` was delivered from just that, if it lies there untouched. */
  standing(target: string, origin: string): string | undefined {
    const placed = this.#before.get(target);
    if (placed?.origin !== origin || !placed.stamps.every((stamp) => this.#isUntouched(stamp)))
      return undefined;
    this.#now.set(target, placed);
    return placed.path;
  }

  /** Enters what has just been delivered. */
  enter(
    target: string,
    placed: { readonly origin: string; readonly path: string; readonly files: readonly string[] },
  ): void {
    this.#isChanged = true;
    const stamps = placed.files.map(stampOf);
    if (stamps.every((stamp) => stamp !== undefined)) {
      this.#now.set(target, { origin: placed.origin, path: placed.path, stamps });
    }
  }

  /**
   * Best effort: what is not recorded is compared byte by byte next time. Waits for as long as the times of what was just
   * delivered would say nothing. Answers with the record's seal. `order`: all targets, in the order to be told in.
   */
  async save(order: readonly string[]): Promise<string | undefined> {
    if (!this.#isChanged && this.#now.size === this.#before.size) return this.#sealBefore;
    const fresh = join(this.#file, '..', `tmp-${randomBytes(12).toString('hex')}`);
    try {
      await delay(tickMs + 1);
      const placed = order.flatMap((target) => {
        const now = this.#now.get(target);
        return now === undefined ? [] : [[target, now] as const];
      });
      const { text, seal } = formatRecord(placed);
      writeFileSync(fresh, text, { flag: 'wx' });
      if (this.#sharing === 'group') chmodSync(fresh, 0o444);
      renameSync(fresh, this.#file);
      return seal;
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
      rmSync(fresh, { force: true });
      return undefined;
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

interface Written {
  readonly text: string;
  readonly seal: string;
}

function formatRecord(placed: readonly (readonly [target: string, Placed])[]): Written {
  const entries = placed.map(([target, { origin, path, stamps }]) => [target, origin, path, stamps]);
  const text = `${format}\n${JSON.stringify(entries)}\n`;
  const seal = digestOf(text);
  return { text: `${text}${seal}\n`, seal };
}

/** Nothing where as much as a bit has changed. */
function parse(text: string): {
  readonly placed: ReadonlyMap<string, Placed> | undefined;
  readonly seal: string | undefined;
} {
  const body = text.slice(0, -65);
  const seal = digestOf(body);
  if (text.slice(-65) !== `${seal}\n` || !body.startsWith(`${format}\n`))
    return { placed: undefined, seal: undefined };
  const placed = new Map<string, Placed>();
  const entries = JSON.parse(body.slice(format.length)) as [string, string, string, readonly Stamp[]][];
  for (const [target, origin, path, stamps] of entries) placed.set(target, { origin, path, stamps });
  return { placed, seal };
}
