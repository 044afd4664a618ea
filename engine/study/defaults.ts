import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import { sameJson } from './same-json.ts';
import { accepts } from './validator.ts';

export { sameJson } from './same-json.ts';

/**
 * The value with every absent property that has a `default` filled in, also inside objects and lists. Branches of
 * `allOf`, `anyOf`, `oneOf` and `if` count where they apply to the value.
 */
export function withDefaults<T extends Json>(schema: JsonSchema, value: T): T {
  return fill(schema, value, { root: schema, depth: 0 }) as T;
}

/**
 * The value without every property that is equal to its default: what is hashed, so that writing a default out changes
 * no key. The inverse of `withDefaults` up to such properties.
 */
export function withoutDefaults<T extends Json>(schema: JsonSchema, value: T): T {
  return strip(schema, fill(schema, value, { root: schema, depth: 0 }), { root: schema, depth: 0 }) as T;
}

interface Walk {
  readonly root: JsonSchema;
  readonly depth: number;
}

/** Schemas that refer to themselves end here; options are never this deep. */
const deepest = 64;

function fill(schema: JsonSchema, value: Json, walk: Walk): Json {
  if (walk.depth > deepest) return value;
  const inner = { ...walk, depth: walk.depth + 1 };
  let filled = value;
  if (isList(filled)) {
    const items = schemaAt(schema, 'items');
    if (items !== undefined) filled = filled.map((item) => fill(items, item, inner));
  } else if (isObject(filled)) {
    const entries = new Map(Object.entries(filled));
    for (const [name, property] of Object.entries(propertiesOf(schema))) {
      const present = entries.get(name);
      const chosen = present ?? property['default'];
      if (present === undefined && chosen === undefined) continue;
      entries.set(name, fill(resolveRef(property, walk.root), chosen ?? null, inner));
    }
    const extra = schemaAt(schema, 'additionalProperties');
    if (extra !== undefined) {
      const known = propertiesOf(schema);
      for (const [name, item] of entries) {
        if (!Object.hasOwn(known, name)) entries.set(name, fill(extra, item, inner));
      }
    }
    filled = Object.fromEntries(entries);
  }
  for (const branch of branchesFor(schema, filled, walk)) filled = fill(branch, filled, inner);
  return filled;
}

function strip(schema: JsonSchema, value: Json, walk: Walk): Json {
  if (walk.depth > deepest) return value;
  const inner = { ...walk, depth: walk.depth + 1 };
  // Branches are chosen by the full value: stripping first could change which one applies.
  let stripped = value;
  for (const branch of branchesFor(schema, value, walk)) stripped = strip(branch, stripped, inner);
  if (isList(stripped)) {
    const items = schemaAt(schema, 'items');
    return items === undefined ? stripped : stripped.map((item) => strip(items, item, inner));
  }
  if (!isObject(stripped)) return stripped;
  const entries = new Map(Object.entries(stripped));
  const known = propertiesOf(schema);
  for (const [name, property] of Object.entries(known)) {
    const present = entries.get(name);
    if (present === undefined) continue;
    const target = resolveRef(property, walk.root);
    const rest = strip(target, present, inner);
    const fallback = property['default'];
    const standard = fallback === undefined ? undefined : strip(target, fill(target, fallback, inner), inner);
    if (standard !== undefined && sameJson(rest, standard)) entries.delete(name);
    else entries.set(name, rest);
  }
  const extra = schemaAt(schema, 'additionalProperties');
  if (extra !== undefined) {
    for (const [name, item] of entries) {
      if (!Object.hasOwn(known, name)) entries.set(name, strip(extra, item, inner));
    }
  }
  return Object.fromEntries(entries);
}

/** The subschemas that speak about this very value. */
function branchesFor(schema: JsonSchema, value: Json, walk: Walk): readonly JsonSchema[] {
  const branches: JsonSchema[] = [];
  if (typeof schema['$ref'] === 'string') branches.push(resolveRef(schema, walk.root));
  branches.push(...listAt(schema, 'allOf'));
  for (const keyword of ['anyOf', 'oneOf']) {
    const alternatives = listAt(schema, keyword);
    const chosen = alternatives.find((alternative) => matches(alternative, value, walk));
    if (chosen !== undefined) branches.push(chosen);
  }
  const condition = schemaAt(schema, 'if');
  if (condition !== undefined) {
    const branch = schemaAt(schema, matches(condition, value, walk) ? 'then' : 'else');
    if (branch !== undefined) branches.push(branch);
  }
  return branches.filter((branch) => branch !== schema);
}

function matches(schema: JsonSchema, value: Json, walk: Walk): boolean {
  const definitions = walk.root['$defs'];
  const needsRoot = definitions !== undefined && schema !== walk.root && schema['$defs'] === undefined;
  return accepts(needsRoot ? rooted(schema, definitions) : schema, value);
}

const rootedSchemas = new WeakMap<JsonSchema, JsonSchema>();

/** A subschema with its root's definitions, so that it can be checked alone. */
function rooted(schema: JsonSchema, definitions: Json): JsonSchema {
  const known = rootedSchemas.get(schema);
  if (known !== undefined) return known;
  const whole = { ...schema, $defs: definitions };
  rootedSchemas.set(schema, whole);
  return whole;
}

function resolveRef(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  let at: Json | undefined = root;
  for (const step of reference.slice(2).split('/')) at = isObject(at) ? at[decodePointer(step)] : undefined;
  return isObject(at) ? at : schema;
}

function decodePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function propertiesOf(schema: JsonSchema): { readonly [name: string]: JsonSchema } {
  const properties = schema['properties'];
  if (!isObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).filter((entry): entry is [string, JsonObject] => isObject(entry[1])),
  );
}

function schemaAt(schema: JsonSchema, keyword: string): JsonSchema | undefined {
  const value = schema[keyword];
  return isObject(value) ? value : undefined;
}

function listAt(schema: JsonSchema, keyword: string): readonly JsonSchema[] {
  const value = schema[keyword];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
