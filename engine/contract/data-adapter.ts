import type { JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Facts } from './scalar.ts';

/** How a `data:` entry of a study is found and listed. Opening it for reading is the tasks' own affair. */
export interface DataAdapter {
  /** As `uses:` names it under `data:`. */
  readonly adapter: string;
  readonly summary: string;
  /** Bumped when the same files mean something else (or embedded data is drawn differently). */
  readonly version: number;
  readonly options: JsonSchema;
  /** Embedded data needs no folder; all else has a root, from `--data NAME=PATH` or the machine's configuration. */
  readonly embedded: boolean;
  /** The options as `--smoke` uses them. */
  readonly smoke?: (options: JsonObject) => JsonObject;
  /** Names of the parts, where the data set has any (`data.ood.sets` reads `sets`), known from the options alone. */
  readonly lists?: (options: JsonObject) => { readonly [list: string]: readonly string[] };
  /** Scalars known from the options alone. */
  readonly facts?: (options: JsonObject) => Facts;
  /** Exactly the files that will be read: a stray file changes nothing. */
  readonly list: (request: ListRequest) => Promise<Listing>;
}

export interface ListRequest {
  /** Absolute. Undefined for embedded data. */
  readonly root: string | undefined;
  readonly options: JsonObject;
  /** One part, or undefined for all of it. */
  readonly part: string | undefined;
}

export type Listing =
  | { readonly kind: 'listed'; readonly paths: readonly string[] }
  /** The folder is not what the adapter expects. `message` says what was looked for and where. */
  | { readonly kind: 'unusable'; readonly message: string; readonly hint?: string };
