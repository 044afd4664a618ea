import type { PutOptions } from './artifact-store.ts';
import type { Digest, TaskKey } from './digest.ts';
import type { StoreFailure } from './failures.ts';
import type { JsonObject } from './json.ts';

/** Task key -> what the task made. The first result for a key wins. */
export interface ActionStore {
  /**
   * The result of a key, where it can be told without a look at its own file; undefined tells nothing, and `get` has to be
   * asked. For plans that look up thousands.
   */
  peek(key: TaskKey): ActionResult | undefined;
  get(key: TaskKey, options?: LookupOptions): Promise<ActionLookup>;
  /** Publishes by `link`: if another result stands already it is returned, with whether its outputs are the same. */
  put(result: ActionResult, options?: ActionPutOptions): Promise<ActionPut>;
  /** Every readable result, in no particular order (for `ls`, `why` and durations). */
  list(): AsyncIterable<ActionResult>;
  /** Lets later processes `peek` at what this one had to `get`. Best effort. Answers with files that were found damaged. */
  refresh(): readonly string[];
  /** How the results of some keys stand now, to be written down: for `changedSince`. */
  mark(keys: Iterable<TaskKey>): ActionsMark;
  /**
   * Of a mark that was written to a file of this store: the shards (the first two digits of a key) whose results may not
   * be those of then. Of all others, every result that stood then stands. Throws system errors.
   */
  changedSince(mark: ActionsMark, recordPath: string): ReadonlySet<string>;
}

export interface LookupOptions {
  /** What other hosts have published by now has to be seen, also where a shared file system may answer from memory. */
  readonly anew?: boolean;
}

export interface ActionPutOptions extends PutOptions {
  /** Made by others, whoever they are: nobody here signs it. */
  readonly foreign?: boolean;
  /** Of what others have made: their signatures, which have been verified. Kept by stores of members that sign. */
  readonly signed?: readonly SignedRecord[];
}

/** A result with one member's signature, as it is stored and as it travels. */
export interface SignedRecord {
  /** Of the member's public key. */
  readonly fingerprint: string;
  /** A line of the result's canonical JSON, a line of its signature. */
  readonly text: string;
}

/** Shard -> what tells that nothing was added to it or taken from it. */
export interface ActionsMark {
  readonly [shard: string]: string;
}

export interface ActionResult {
  readonly format: 1;
  readonly key: TaskKey;
  /** Output name -> artifact digest (the digest of its manifest). */
  readonly outputs: { readonly [output: string]: Digest };
  readonly provenance: Provenance;
}

/** When, where, by which run and how long. Never an environment, an argv or a home path; not part of any key. */
export interface Provenance {
  readonly kind: string;
  /** Wall-clock start, ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** E.g. `cpu-t1` (CPU, one thread), `gpu-h200`. Results are byte-reproducible within a device class. */
  readonly deviceClass: string;
  /** `tensorflow`, `wasm`, `cpu` or `none`. */
  readonly backend: string;
  readonly versions: { readonly [component: string]: string };
  readonly peakMemoryBytes?: number;
  /** Digest of the task's log, a blob. */
  readonly log?: Digest;
  /** What estimates are grouped by: model name and the like. */
  readonly traits?: JsonObject;
  /** Name of the run that computed it, wherever that is recorded. */
  readonly run?: string;
  /** Who ran that, where they want to be named. */
  readonly member?: string;
}

export type ActionLookup =
  | { readonly kind: 'found'; readonly result: ActionResult }
  | { readonly kind: 'absent' }
  | { readonly kind: 'corrupt'; readonly movedTo: string }
  | StoreFailure;

export type ActionPut =
  | { readonly kind: 'stored' }
  | { readonly kind: 'exists'; readonly same: boolean; readonly existing: ActionResult }
  | StoreFailure;
