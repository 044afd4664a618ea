import type { JsonObject } from '../../cache/json.ts';

/** A JSON Schema (2020-12) as plain data. `default`s count: a value equal to its default is not part of the key. */
export type JsonSchema = JsonObject;
