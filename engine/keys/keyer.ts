import { dirname } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import type { StoreFailure } from '../../cache/failures.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import type { IdentifyRequest, Identity, TaskKind } from '../contract/task-kind.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import { keyAction } from './action.ts';
import { artifactInput } from './artifact-input.ts';
import type { OutputLookup } from './artifact-input.ts';
import type { ActionInput, KeyedAction } from './action.ts';
import { identifyData } from './data-identity.ts';
import type { DataIdentityResult, IdentifiedData } from './data-identity.ts';
import { FileDigests } from './file-digests.ts';
import type { NamedFile } from './file-digests.ts';
import { recordedData, recordedFile } from './recorded-data.ts';
import { withoutDefaults } from '../study/defaults.ts';

export interface KeyerOptions {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly signal: AbortSignal;
  /** Told once for each data set's part, when its content is known. */
  readonly onDataIdentified?: (data: string, part: string | undefined, identified: IdentifiedData) => void;
}

export type { OutputLookup };

export interface KeyedTask {
  readonly kind: 'keyed';
  readonly keyed: KeyedAction;
  /** The data inputs, as found. */
  readonly data: ReadonlyMap<string, IdentifiedData>;
  /** Files that it names and that are not on this machine, though their content is known. */
  readonly absentFiles: readonly string[];
}

export type KeyResult =
  | KeyedTask
  /** An input's digest is not known: its producer has no result yet. */
  | { readonly kind: 'waiting'; readonly producer: TaskId }
  /** Data or programs on this machine are not what the task needs. */
  | { readonly kind: 'unusable'; readonly message: string; readonly hint?: string }
  | StoreFailure;

/** Makes keys for the tasks of one plan. What several tasks share (data sets, versions of programs) is found once. */
export class Keyer {
  readonly #options: KeyerOptions;
  readonly #kinds: ReadonlyMap<string, TaskKind>;
  readonly #data = new Map<string, Promise<DataIdentityResult>>();
  /** Those of `#data` and of `#identities` that have come. */
  readonly #found = new Map<string, DataIdentityResult>();
  readonly #identities = new Map<TaskId, Identity>();
  readonly #once = new Map<string, Promise<unknown>>();
  readonly #files: FileDigests;
  readonly #filesOf = new Map<TaskId, string[]>();
  #hasLooked = false;

  constructor(options: KeyerOptions) {
    this.#options = options;
    this.#kinds = new Map(options.registry.kinds.map((kind) => [kind.kind, kind]));
    this.#files = new FileDigests({
      base: dirname(options.plan.file),
      index: options.store.fileIndex,
      signal: options.signal,
      recall: (name) => recordedFile({ stores: storesOf(options.store), study: options.plan.study, name }),
    });
  }

  /** Whether any key depends on what this machine holds (data sets, files, programs), and not on the study's text alone. */
  get hasLooked(): boolean {
    return this.#hasLooked;
  }

  /** The files whose content is in keys, by absolute path: those that tasks name, not those of data sets. */
  get filesNamed(): ReadonlyMap<string, NamedFile> {
    return this.#files.named;
  }

  /** SHA-256 of a file that a task names. Rejects as that task's key would. */
  digestOfFile(path: string): Promise<Digest> {
    return this.#files.digestOf(path);
  }

  /** Files that a task names and that are not on this machine, once its key is known. */
  absentFilesOf(task: TaskId): readonly string[] {
    return this.#filesOf.get(task)?.filter((name) => this.#files.isAbsent(name)) ?? [];
  }

  async key(task: PlannedTask, outputOf: OutputLookup): Promise<KeyResult> {
    for (;;) {
      const result = this.keyNow(task, outputOf);
      if (!(result instanceof Promise)) return result;
      await result;
    }
  }

  /**
   * The key, if nothing has to be waited for; else what has to be, after which this may be asked again. Most tasks of a plan
   * have theirs at once, and thousands of promises would cost more than thousands of keys.
   */
  keyNow(task: PlannedTask, outputOf: OutputLookup): KeyResult | Promise<unknown> {
    const kind = this.#kinds.get(task.kind);
    if (kind === undefined) throw new Error(`the registry has no task kind '${task.kind}'`);
    const inputs: { [input: string]: ActionInput } = {};
    const data = new Map<string, IdentifiedData>();
    for (const [name, input] of Object.entries(task.inputs)) {
      if (input.kind === 'data') {
        const found = this.#found.get(dataName(input.data, input.part));
        if (found === undefined) return this.identify(input.data, input.part);
        if (found.kind !== 'identified') return found;
        data.set(name, found);
        inputs[name] = { data: found.digest };
      } else {
        const known = artifactInput(input, outputOf);
        if ('kind' in known) return known;
        inputs[name] = known;
      }
    }
    const identity = this.#identities.get(task.id) ?? this.#identity(kind, task);
    if (identity instanceof Promise) return identity;
    if (identity?.kind === 'unusable') return identity;
    const absentFiles = this.absentFilesOf(task.id);
    return { kind: 'keyed', data, absentFiles, keyed: this.#keyed(kind, task, inputs, identity?.identity) };
  }

  /** The content of a data set's part on this machine; found once a run. */
  identify(name: string, part: string | undefined): Promise<DataIdentityResult> {
    const memo = dataName(name, part);
    let result = this.#data.get(memo);
    if (result === undefined) this.#data.set(memo, (result = this.#identifyData(name, part)));
    return result;
  }

  async #identifyData(name: string, part: string | undefined): Promise<DataIdentityResult> {
    const { plan, registry, store, signal, onDataIdentified } = this.#options;
    const data = plan.data.get(name);
    const adapter = registry.adapters.find((each) => each.adapter === data?.adapter);
    if (data === undefined || adapter === undefined) throw new Error(`the plan has no data '${name}'`);
    this.#hasLooked = true;
    const result =
      recordedData({ stores: storesOf(store), study: plan.study, data, part, adapter }) ??
      (await identifyData({ data, part, adapter, fileIndex: store.fileIndex, signal }));
    if (result.kind === 'identified') onDataIdentified?.(name, part, result);
    this.#found.set(dataName(name, part), result);
    return result;
  }

  #keyed(
    kind: TaskKind,
    task: PlannedTask,
    inputs: { readonly [input: string]: ActionInput },
    identity: JsonObject | undefined,
  ): KeyedAction {
    const { version } = kind;
    return keyAction({
      format: 1,
      kind: kind.kind,
      version: typeof version === 'function' ? version(task.options) : version,
      options: withoutDefaults(kind.options, task.options),
      inputs,
      ...(identity === undefined ? {} : { identity }),
      ...(this.#options.plan.smoke ? { smoke: true as const } : {}),
    });
  }

  #identity(kind: TaskKind, task: PlannedTask): Identity | undefined | Promise<Identity> {
    if (kind.identify === undefined) return undefined;
    const studyDir = dirname(this.#options.plan.file);
    const request: IdentifyRequest = {
      options: task.options,
      studyDir,
      digestOfFile: (path) => {
        this.#filesOf.set(task.id, [...(this.#filesOf.get(task.id) ?? []), path]);
        return this.#files.digestOf(path);
      },
      once: (name, make) => this.#sharedly(`${kind.kind} ${name}`, make),
      signal: this.#options.signal,
    };
    const identity = kind.identify(request);
    if (!(identity instanceof Promise)) return identity;
    this.#hasLooked = true;
    return identity.catch(unusable).then((found) => {
      this.#identities.set(task.id, found);
      return found;
    });
  }

  #sharedly<T>(name: string, make: () => Promise<T>): Promise<T> {
    let result = this.#once.get(name) as Promise<T> | undefined;
    if (result === undefined) this.#once.set(name, (result = make()));
    return result;
  }
}

/** A file that is not there is the study's mistake or this machine's; anything but a system's error is a bug. */
function unusable(error: unknown): Identity {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { kind: 'unusable', message: code === 'ENOENT' ? `there is no file ${path ?? ''}` : message };
}

function storesOf({ root, below }: Store): readonly string[] {
  return below === undefined ? [root] : [root, below];
}

function dataName(name: string, part: string | undefined): string {
  return part === undefined ? name : `${name} ${part}`;
}
