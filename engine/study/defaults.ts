import type { Json } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import { DefaultsOf } from './schema-defaults.ts';

export { sameJson } from './same-json.ts';

const known = new WeakMap<JsonSchema, DefaultsOf>();

/**
 * The value with every absent property that has a `default` filled in, also inside objects and lists. Branches of
 * `allOf`, `anyOf`, `oneOf` and `if` count where they apply to the value. What stays as it is, is shared with `value`.
 */
export function withDefaults<T extends Json>(schema: JsonSchema, value: T): T {
  return defaultsOf(schema).fill(value, 0) as T;
}

/**
 * The value without every property that is equal to its default: what is hashed, so that writing a default out changes
 * no key. The inverse of `withDefaults` up to such properties.
 */
export function withoutDefaults<T extends Json>(schema: JsonSchema, value: T): T {
  const defaults = defaultsOf(schema);
  return defaults.strip(defaults.fill(value, 0), 0) as T;
}

/** Schemas are compared by identity, so a kind's is read once. */
function defaultsOf(schema: JsonSchema): DefaultsOf {
  let defaults = known.get(schema);
  if (defaults === undefined) known.set(schema, (defaults = new DefaultsOf(schema)));
  return defaults;
}
