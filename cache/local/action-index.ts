import { hash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { decodeActionBody } from '../action-codec.ts';
import type { ActionResult } from '../action-store.ts';
import { parseTaskKey } from '../digest.ts';
import type { TaskKey } from '../digest.ts';
import { sealedBody } from '../sealed-record.ts';
import { errorCode } from '../system-error.ts';
import { folderStamp, isSettled } from './folder-stamp.ts';
import { folderPath, randomName } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { temporaryPrefix } from './temporary-file.ts';

/** One shard of `ac/` as its index file tells it. */
interface Shard {
  /** Key -> body of its record, of the results that the folder held when the index was written. */
  readonly bodies: ReadonlyMap<TaskKey, string>;
  /** Whether nothing has been added to the folder or taken from it since: then what the index says holds. */
  readonly trusted: boolean;
}

/**
 * Copies of action results, one file a shard of `ac/` (`index/actions/ab`), so that a plan of thousands of cached tasks is
 * looked up without opening thousands of files. The files of `ac/` remain the truth: an index file counts only while the
 * shard's folder has the modification time and inode it was written for, whatever it does not know is looked up there, and
 * it is sealed as a whole. It can be deleted at any time.
 */
export class ActionIndex {
  readonly #folder: StoreFolder;
  readonly #shards = new Map<string, Shard>();
  /** Shards of which something was asked that the index did not know. */
  readonly #lacking = new Set<string>();
  readonly #damaged: string[] = [];

  constructor(folder: StoreFolder) {
    this.#folder = folder;
  }

  /** The result of a key, if the index can vouch for it. Nothing is said of a key by undefined. */
  find(key: TaskKey): ActionResult | undefined {
    const name = key.slice(0, 2);
    const shard = this.#shard(name);
    const body = shard.trusted ? shard.bodies.get(key) : undefined;
    if (body === undefined) this.#lacking.add(name);
    return body === undefined ? undefined : decodeActionBody(body);
  }

  /** Every result of a shard, where the index can vouch for it. */
  *results(name: string): Generator<ActionResult, boolean> {
    const shard = this.#shard(name);
    if (!shard.trusted) {
      this.#lacking.add(name);
      return false;
    }
    for (const body of shard.bodies.values()) {
      const result = decodeActionBody(body);
      if (result !== undefined) yield result;
    }
    return true;
  }

  /**
   * Writes the shards anew of which something was asked that they did not know. Answers with the index files that were
   * damaged. Best effort: a store that may only be read, or is full, does without.
   */
  refresh(): readonly string[] {
    try {
      if (this.#lacking.size > 0) this.#makeDir();
      for (const name of this.#lacking) this.#rewrite(name);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
    this.#lacking.clear();
    return this.#damaged.splice(0);
  }

  #makeDir(): void {
    if (existsSync(this.#dir)) return;
    mkdirSync(this.#dir, { recursive: true });
    if (this.#folder.sharing === 'group') chmodSync(this.#dir, 0o2775);
  }

  get #dir(): string {
    return `${folderPath(this.#folder, 'index')}/actions`;
  }

  #shard(name: string): Shard {
    let shard = this.#shards.get(name);
    if (shard === undefined) this.#shards.set(name, (shard = this.#read(name)));
    return shard;
  }

  #read(name: string): Shard {
    const path = `${this.#dir}/${name}`;
    try {
      const content = readFileSync(path);
      const parsed = parseIndex(content);
      if (parsed !== undefined) {
        const { bodies, stamp } = parsed;
        return { bodies, trusted: stamp === folderStamp(this.#shardDir(name)) && isSettled(stamp, path) };
      }
      this.#damaged.push(path);
      if (this.#folder.readOnly !== true) rmSync(path, { force: true });
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
    return { bodies: new Map(), trusted: false };
  }

  #shardDir(name: string): string {
    return `${folderPath(this.#folder, 'ac')}/${name}`;
  }

  #rewrite(name: string): void {
    const dir = this.#shardDir(name);
    // Before the names are read: what is added from here on makes the index stale, not wrong.
    const stamp = folderStamp(dir);
    if (stamp === undefined) return;
    const known = this.#shard(name);
    const bodies: string[] = [];
    for (const file of readdirSync(dir)) {
      const key = parseTaskKey(file);
      if (key === undefined) continue;
      const body = (known.trusted ? known.bodies.get(key) : undefined) ?? bodyOf(`${dir}/${file}`, key);
      if (body !== undefined) bodies.push(body);
    }
    const target = `${this.#dir}/${name}`;
    const temporary = `${folderPath(this.#folder, 'index')}/${randomName(temporaryPrefix)}`;
    try {
      writeFileSync(temporary, formatIndex(stamp, bodies), { mode: 0o444, flag: 'wx' });
      if (this.#folder.sharing === 'group') chmodSync(temporary, 0o444);
      renameSync(temporary, target);
    } finally {
      rmSync(temporary, { force: true });
    }
    this.#shards.delete(name);
  }
}

const format = 'actions 1';

/** First line: format and stamp; then a body a line; last, the SHA-256 of all before. */
function formatIndex(stamp: string, bodies: readonly string[]): string {
  const text = `${format} ${stamp}\n${bodies.map((body) => `${body}\n`).join('')}`;
  return `${text}${hash('sha256', text, 'hex')}\n`;
}

const sealLength = 65;
/** Canonical JSON puts the key of every record at the same place. */
const bodyStart = '{"format":1,"key":"';

function parseIndex(
  content: Buffer,
): { readonly stamp: string; readonly bodies: ReadonlyMap<TaskKey, string> } | undefined {
  const end = content.length - sealLength;
  if (end <= 0) return undefined;
  const seal = hash('sha256', content.subarray(0, end), 'hex');
  if (content.toString('latin1', end) !== `${seal}\n`) return undefined;
  const [first = '', ...lines] = content.toString('utf8', 0, end - 1).split('\n');
  if (!first.startsWith(`${format} `)) return undefined;
  const bodies = new Map<TaskKey, string>();
  for (const line of lines) {
    const key = parseTaskKey(line.slice(bodyStart.length, bodyStart.length + 64));
    if (key !== undefined) bodies.set(key, line);
  }
  return { stamp: first.slice(format.length + 1), bodies };
}

/** The body of an undamaged record of that key. */
function bodyOf(path: string, key: TaskKey): string | undefined {
  try {
    const body = sealedBody(readFileSync(path, 'utf8'));
    return body?.startsWith(`${bodyStart}${key}"`) === true ? body : undefined;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
