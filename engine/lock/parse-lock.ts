import { parseDigest, parseTaskKey } from '../../cache/digest.ts';
import type { Digest } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { TaskId } from '../plan/plan.ts';
import { taskId } from '../plan/plan.ts';
import { lockFormat } from './lock.ts';
import type { Lock, LockedTask } from './lock.ts';

export type ParsedLock =
  | { readonly kind: 'lock'; readonly lock: Lock }
  | { readonly kind: 'newer'; readonly format: number }
  /** Two versions of the file were merged, and nobody has chosen. */
  | { readonly kind: 'conflict'; readonly line: number }
  | { readonly kind: 'malformed'; readonly line: number; readonly message: string };

/**
 * Reads the YAML that `lockText` writes, and that alone; order, comments, empty lines and line ends do not matter. Whatever
 * else somebody wrote into it is named, with its line: a lock that is half understood proves nothing.
 */
export function parseLock(text: string): ParsedLock {
  const lines = text.split(/\r?\n/);
  const conflict = lines.findIndex((line) => /^(<{7}|={7}|>{7}|\|{7})( |$)/.test(line));
  if (conflict >= 0) return { kind: 'conflict', line: conflict + 1 };
  const format = Number(/^lock: *(\d+) *$/m.exec(text)?.[1]);
  if (format > lockFormat) return { kind: 'newer', format };
  const reader = new LockReader();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const message = reader.take(line);
    if (message !== undefined) return { kind: 'malformed', line: index + 1, message };
  }
  const lock = reader.finish();
  return typeof lock === 'string'
    ? { kind: 'malformed', line: lines.length, message: lock }
    : { kind: 'lock', lock };
}

interface Draft {
  kind?: string;
  version?: number;
  options?: JsonObject;
  identity?: JsonObject;
  key?: LockedTask['key'];
  madeOn?: string;
  readonly outputs: Map<string, Digest>;
}

/** Takes a line after the other; what it answers is wrong with that line. */
class LockReader {
  readonly #top = new Map<string, string>();
  readonly #data = new Map<string, Digest>();
  readonly #tasks = new Map<TaskId, Draft>();
  #params: JsonObject = {};
  #section = '';
  #task: { readonly id: TaskId; readonly draft: Draft } | undefined;
  #fields = new Set<string>();

  take(line: string): string | undefined {
    const parts = /^( *)([^\s:][^:]*):(?: +(.*?))? *$/.exec(line);
    const [, indent = '', name = '', value = ''] = parts ?? [];
    if (parts === null) return `'${line.trim()}' is not understood`;
    switch (indent.length) {
      case 0:
        return this.#takeTop(name, value);
      case 2:
        return this.#section === 'data' ? this.#takeData(name, value) : this.#beginTask(name, value);
      case 4:
        return this.#takeField(name, value);
      case 6:
        return this.#takeOutput(name, value);
      default:
        return `it is indented by ${indent.length} spaces; 0, 2, 4 and 6 mean something`;
    }
  }

  finish(): Lock | string {
    const unfinished = this.#endTask();
    if (unfinished !== undefined) return unfinished;
    for (const name of ['lock', 'study', 'sweetspot', 'tasks'])
      if (!this.#top.has(name)) return `'${name}:' is missing; the file may have been cut off`;
    const tasks = new Map<TaskId, LockedTask>();
    for (const [id, draft] of this.#tasks) {
      const { kind, version, options = {}, identity, key, madeOn = '', outputs } = draft;
      if (kind === undefined || version === undefined || key === undefined)
        throw new Error(`${id} was not checked`);
      tasks.set(id, { kind, version, options, identity, key, madeOn, outputs });
    }
    const text = (name: string): string => this.#top.get(name) ?? '';
    return {
      study: text('study'),
      sweetspot: text('sweetspot'),
      params: this.#params,
      data: this.#data,
      tasks,
    };
  }

  #takeTop(name: string, value: string): string | undefined {
    const unfinished = this.#endTask();
    if (unfinished !== undefined) return unfinished;
    if (!['lock', 'study', 'sweetspot', 'params', 'data', 'tasks'].includes(name))
      return `'${name}' is no field of a lock`;
    if (this.#top.has(name)) return `'${name}' is there twice`;
    this.#section = name;
    const text = unquoted(value);
    if (text === undefined) return `'${value}' is no text`;
    this.#top.set(name, text);
    if (name === 'lock' && value !== String(lockFormat))
      return `'${value}' is no format; ${lockFormat} is known`;
    if (name !== 'params') return undefined;
    const params = parseObject(value);
    if (params === undefined) return `'params' is not a JSON object`;
    this.#params = params;
    return undefined;
  }

  #takeData(name: string, value: string): string | undefined {
    const digest = parseDigest(value);
    if (digest === undefined) return `'${value}' is no digest`;
    if (this.#data.has(name)) return `data '${name}' is there twice`;
    this.#data.set(name, digest);
    return undefined;
  }

  #beginTask(name: string, value: string): string | undefined {
    const unfinished = this.#endTask();
    if (unfinished !== undefined) return unfinished;
    if (this.#section !== 'tasks' || value !== '') return `'${name}' is in no place that is known`;
    const id = taskId(name);
    if (this.#tasks.has(id)) return `task ${name} is there twice`;
    this.#task = { id, draft: { outputs: new Map() } };
    this.#tasks.set(id, this.#task.draft);
    this.#fields = new Set();
    return undefined;
  }

  #takeField(name: string, value: string): string | undefined {
    if (this.#task === undefined) return `'${name}' belongs to no task`;
    const { id, draft } = this.#task;
    if (this.#fields.has(name)) return `'${name}' of ${id} is there twice`;
    this.#fields.add(name);
    switch (name) {
      case 'kind': {
        const [, kind, version] = /^(\S+) (\d+)$/.exec(value) ?? [];
        if (kind === undefined) return `'${value}' is no kind with its version`;
        draft.kind = kind;
        draft.version = Number(version);
        return undefined;
      }
      case 'with':
      case 'identity': {
        const object = parseObject(value);
        if (object === undefined) return `'${name}' of ${id} is not a JSON object`;
        draft[name === 'with' ? 'options' : 'identity'] = object;
        return undefined;
      }
      case 'key': {
        const key = parseTaskKey(value);
        if (key === undefined) return `'${value}' is no key`;
        draft.key = key;
        return undefined;
      }
      case 'made-on':
        draft.madeOn = value;
        return undefined;
      case 'outputs':
        return value === '' ? undefined : `'${value}' is in no place that is known`;
      default:
        return `'${name}' is no field of a task`;
    }
  }

  #takeOutput(name: string, value: string): string | undefined {
    if (this.#task === undefined || !this.#fields.has('outputs')) return `'${name}' belongs to no task`;
    const { id, draft } = this.#task;
    const digest = parseDigest(value);
    if (digest === undefined) return `'${value}' is no digest`;
    if (draft.outputs.has(name)) return `output '${name}' of ${id} is there twice`;
    draft.outputs.set(name, digest);
    return undefined;
  }

  #endTask(): string | undefined {
    const task = this.#task;
    this.#task = undefined;
    if (task === undefined) return undefined;
    const missing = ['kind', 'key', 'outputs'].find((name) => !this.#fields.has(name));
    return missing === undefined ? undefined : `task ${task.id} has no '${missing}'`;
  }
}

function unquoted(value: string): string | undefined {
  if (!value.startsWith('"')) return value;
  const text = parseJson(value);
  return typeof text === 'string' ? text : undefined;
}

function parseObject(value: string): JsonObject | undefined {
  const object = parseJson(value);
  return typeof object === 'object' && object !== null && !Array.isArray(object)
    ? (object as JsonObject)
    : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
