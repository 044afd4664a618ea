import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { canonicalJson } from '../../../cache/canonical-json.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { Digest } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import type { Store } from '../../../cache/store.ts';
import { errorCode } from '../../../cache/system-error.ts';
import { temporaryPrefix } from '../../../cache/local/temporary-file.ts';
import { sameOutputs } from '../../../cache/action-codec.ts';
import type { StudySource } from '../journal-writer.ts';
import { decodeSettled, encodeSettled, settledTaskOf, tailOf } from './settled-record.ts';
import type { SettledRecord, SettledTask } from './settled-record.ts';

/** So many requests are remembered: the ones that were run last. */
const mostRemembered = 8;

export type SettledReading =
  | { readonly kind: 'settled'; readonly record: SettledRecord; readonly sources: readonly StudySource[] }
  /** There may be something to do. `damaged`: what was met on the way, for people. */
  | { readonly kind: 'open'; readonly damaged: readonly string[] };

const open: SettledReading = { kind: 'open', damaged: [] };

/**
 * Records of runs after which nothing was left to do, one for each request (`index/settled/`): a request whose record still
 * holds is answered without planning. A request is everything beside the study's files on which the plan and the keys
 * depend. Records can be deleted at any time; see docs/decisions/0014-runs-with-nothing-to-do.md.
 */
export class SettledRuns {
  readonly #store: Store;
  readonly #name: string;

  constructor(store: Store, request: JsonObject) {
    this.#store = store;
    this.#name = digestOf(canonicalJson(request)).slice(0, 32);
  }

  /** The folder of the records of a store. */
  static folder(storeRoot: string): string {
    return join(storeRoot, 'index', 'settled');
  }

  get #dir(): string {
    return SettledRuns.folder(this.#store.root);
  }

  get #file(): string {
    return join(this.#dir, this.#name);
  }

  /** The path of the frozen plan of a record. */
  planFile({ head }: SettledRecord): string {
    return join(this.#dir, this.#planName(head.plan));
  }

  /** The name tells the content, for whoever checks the store's files. */
  #planName(sha256: Digest): string {
    return `${this.#name}-${sha256}.plan`;
  }

  /** The record, if the study's files are what they were and every result stands as it did. */
  async read(): Promise<SettledReading> {
    const content = readIfThere(this.#file);
    if (content === undefined) return open;
    const record = decodeSettled(content);
    if (record === undefined) return this.#damaged(this.#file);
    const sources: StudySource[] = [];
    for (const { file, sha256 } of record.head.sources) {
      const text = readIfThere(file);
      if (text === undefined || digestOf(text) !== sha256) return open;
      sources.push({ file, text: text.toString('utf8') });
    }
    const plan = readIfThere(this.planFile(record));
    if (plan === undefined) return open;
    if (digestOf(plan) !== record.head.plan) return this.#damaged(this.planFile(record));
    return (await this.#fallen(record)) ?? { kind: 'settled', record, sources };
  }

  /** Where a result is not what it was. Those of shards in which something has changed are looked at one by one. */
  async #fallen({ head, tails }: SettledRecord): Promise<SettledReading | undefined> {
    const { actions } = this.#store;
    const changed = actions.changedSince(head.mark, this.#file);
    if (changed.size === 0) return undefined;
    for (const tail of tails) {
      const { key, outputs } = settledTaskOf(tail);
      if (!changed.has(key.slice(0, 2))) continue;
      const found = await actions.get(key);
      if (found.kind === 'corrupt')
        return { kind: 'open', damaged: [`a damaged result was moved to ${found.movedTo}`] };
      if (found.kind !== 'found' || !sameOutputs(found.result, { outputs })) return open;
    }
    return undefined;
  }

  #damaged(file: string): SettledReading {
    rmSync(this.#file, { force: true });
    rmSync(file, { force: true });
    return { kind: 'open', damaged: [`${file} was damaged; what it said has been found out anew`] };
  }

  /** Best effort: a store that is full, or may only be read, does without. `planFile`: the plan as the run has frozen it. */
  write(settled: {
    readonly study: string;
    readonly file: string;
    readonly sources: readonly StudySource[];
    readonly slots: readonly string[];
    readonly tasks: readonly SettledTask[];
    readonly planFile: string;
    readonly delivered: string | undefined;
  }): void {
    const { study, file, sources, slots, tasks, planFile, delivered } = settled;
    try {
      const isNew = mkdirSync(this.#dir, { recursive: true }) !== undefined;
      if (isNew && this.#store.sharing === 'group') chmodSync(this.#dir, 0o2775);
      const plan = digestOf(readFileSync(planFile));
      const planName = this.#planName(plan);
      this.#publish(planName, (path) => copyFileSync(planFile, path, constants.COPYFILE_FICLONE));
      const record: SettledRecord = {
        head: {
          ...{ study, file, slots },
          sources: sources.map((source) => ({ file: source.file, sha256: digestOf(source.text) })),
          // Before the record is written: what comes meanwhile makes it out of date, not wrong.
          mark: this.#store.actions.mark(tasks.map(({ key }) => key)),
          plan,
          ...(delivered === undefined ? {} : { delivered }),
        },
        tails: tasks.map(tailOf),
      };
      this.#publish(this.#name, (path) => writeFileSync(path, encodeSettled(record), { flag: 'wx' }));
      this.#tidy(planName);
    } catch (error) {
      if (errorCode(error) === undefined) throw error;
    }
  }

  #publish(name: string, write: (path: string) => void): void {
    const fresh = join(this.#dir, `${temporaryPrefix}${randomBytes(12).toString('hex')}`);
    try {
      write(fresh);
      if (this.#store.sharing === 'group') chmodSync(fresh, 0o444);
      renameSync(fresh, join(this.#dir, name));
    } finally {
      rmSync(fresh, { force: true });
    }
  }

  /** Removes the plans of what was just replaced, and the records of the longest unused requests with theirs. */
  #tidy(plan: string): void {
    const names = readdirSync(this.#dir);
    const records = names
      .filter((name) => /^[0-9a-f]{32}$/.test(name))
      .map((name) => ({ name, atMs: statSync(join(this.#dir, name)).mtimeMs }))
      .sort((a, b) => b.atMs - a.atMs);
    const forgotten = new Set(records.slice(mostRemembered).map(({ name }) => name));
    for (const name of names) {
      const of = name.slice(0, 32);
      const isReplaced = name.endsWith('.plan') && of === this.#name && name !== plan;
      if (isReplaced || forgotten.has(of)) rmSync(join(this.#dir, name), { force: true });
    }
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return undefined;
  }
}
