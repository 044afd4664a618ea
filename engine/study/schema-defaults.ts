import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import { isJsonList, isJsonObject, setOwn } from './json-value.ts';
import { sameJson } from './same-json.ts';
import type { Check } from './quick-check.ts';
import { acceptor } from './validator.ts';

/** Schemas that refer to themselves end here; options are never this deep. */
const deepest = 64;

/**
 * What a schema says about defaults, read once: a plan asks it for every instance. Subschemas are read when a value first
 * comes to them, so that those that refer to themselves come to an end.
 */
export class DefaultsOf {
  readonly #schema: JsonSchema;
  readonly #root: DefaultsOf;
  /** Of all subschemas; kept by the root. */
  readonly #parts: Map<JsonSchema, DefaultsOf>;
  #read: Reading | undefined;

  constructor(schema: JsonSchema, root?: DefaultsOf) {
    this.#schema = schema;
    this.#root = root ?? this;
    this.#parts = root === undefined ? new Map([[schema, this]]) : root.#parts;
  }

  /** `value` with its defaults; `depth` tells how deep inside the whole it stands. */
  fill(value: Json, depth: number): Json {
    if (depth > deepest) return value;
    const reading = this.#reading();
    let filled = value;
    if (isJsonList(value))
      filled = reading.items === undefined ? value : fillItems(reading.items, value, depth);
    else if (isJsonObject(value)) filled = fillObject(reading, value, depth);
    if (reading.branching === undefined) return filled;
    for (const branch of reading.branching(filled)) filled = branch.fill(filled, depth + 1);
    return filled;
  }

  /** A filled `value` without its defaults. */
  strip(value: Json, depth: number): Json {
    if (depth > deepest) return value;
    const reading = this.#reading();
    let stripped = value;
    // Branches are chosen by the full value: stripping first could change which one applies.
    if (reading.branching !== undefined) {
      for (const branch of reading.branching(value)) stripped = branch.strip(stripped, depth + 1);
    }
    if (isJsonList(stripped)) {
      const { items } = reading;
      return items === undefined ? stripped : mapItems(stripped, (item) => items.strip(item, depth + 1));
    }
    return isJsonObject(stripped) ? stripObject(reading, stripped, depth) : stripped;
  }

  #reading(): Reading {
    return (this.#read ??= readSchema(this.#schema, {
      part: (schema) => this.#part(schema),
      resolve: (schema) => resolveRef(schema, this.#root.#schema),
      acceptor: (schema) => this.#acceptor(schema),
    }));
  }

  #part(schema: JsonSchema): DefaultsOf {
    let part = this.#parts.get(schema);
    if (part === undefined) this.#parts.set(schema, (part = new DefaultsOf(schema, this.#root)));
    return part;
  }

  /** A subschema is checked alone, with its root's definitions. */
  #acceptor(schema: JsonSchema): Check {
    const root = this.#root.#schema;
    const definitions = root['$defs'];
    const needsRoot = definitions !== undefined && schema !== root && schema['$defs'] === undefined;
    return acceptor(needsRoot ? { ...schema, $defs: definitions } : schema);
  }
}

/** The keywords of one schema that have to do with defaults. */
interface Reading {
  readonly items: DefaultsOf | undefined;
  readonly properties: ReadonlyMap<string, Property>;
  /** Of the properties that the schema does not name. */
  readonly extra: DefaultsOf | undefined;
  /** The subschemas that speak about this very value; undefined where there can be none. */
  readonly branching: ((value: Json) => readonly DefaultsOf[]) | undefined;
}

interface Property {
  readonly fallback: Json | undefined;
  readonly target: DefaultsOf;
  /** The default as `strip` leaves it, by depth. */
  readonly standards: Json[];
}

interface Reader {
  readonly part: (schema: JsonSchema) => DefaultsOf;
  readonly resolve: (schema: JsonSchema) => JsonSchema;
  readonly acceptor: (schema: JsonSchema) => Check;
}

function readSchema(schema: JsonSchema, reader: Reader): Reading {
  const items = schemaAt(schema, 'items');
  const extra = schemaAt(schema, 'additionalProperties');
  const properties = new Map<string, Property>();
  const named = schema['properties'];
  for (const [name, property] of isJsonObject(named) ? Object.entries(named) : []) {
    if (!isJsonObject(property)) continue;
    const target = reader.part(reader.resolve(property));
    properties.set(name, { fallback: property['default'], target, standards: [] });
  }
  return {
    items: items === undefined ? undefined : reader.part(items),
    properties,
    extra: extra === undefined ? undefined : reader.part(extra),
    branching: readBranches(schema, reader),
  };
}

function readBranches(schema: JsonSchema, { part, resolve, acceptor }: Reader): Reading['branching'] {
  const always = listAt(schema, 'allOf');
  const reference = typeof schema['$ref'] === 'string' ? resolve(schema) : schema;
  const unconditional = [reference, ...always].filter((branch) => branch !== schema).map(part);
  const choices = ['anyOf', 'oneOf'].flatMap((keyword) => {
    const alternatives = listAt(schema, keyword).map((one) => ({ fits: acceptor(one), branch: part(one) }));
    return alternatives.length === 0 ? [] : [alternatives];
  });
  const condition = schemaAt(schema, 'if');
  const fits = condition === undefined ? undefined : acceptor(condition);
  const [then, otherwise] = ['then', 'else'].map((keyword) => {
    const branch = schemaAt(schema, keyword);
    return branch === undefined ? undefined : part(branch);
  });
  if (choices.length === 0 && fits === undefined) {
    return unconditional.length === 0 ? undefined : () => unconditional;
  }
  return (value) => {
    const branches = [...unconditional];
    for (const alternatives of choices) {
      const chosen = alternatives.find((alternative) => alternative.fits(value));
      if (chosen !== undefined) branches.push(chosen.branch);
    }
    const branch = fits === undefined ? undefined : fits(value) ? then : otherwise;
    if (branch !== undefined) branches.push(branch);
    return branches;
  };
}

function fillItems(items: DefaultsOf, list: readonly Json[], depth: number): readonly Json[] {
  return mapItems(list, (item) => items.fill(item, depth + 1));
}

function fillObject({ properties, extra }: Reading, object: JsonObject, depth: number): JsonObject {
  const filling = new Changing(object);
  for (const [name, { fallback, target }] of properties) {
    const present = filling.get(name);
    if (present === undefined && fallback === undefined) continue;
    // Null says nothing where there is a default.
    filling.set(name, target.fill(present ?? fallback ?? null, depth + 1));
  }
  if (extra !== undefined) {
    for (const name of Object.keys(object)) {
      if (!properties.has(name)) filling.set(name, extra.fill(object[name]!, depth + 1));
    }
  }
  return filling.result();
}

function stripObject({ properties, extra }: Reading, object: JsonObject, depth: number): JsonObject {
  const rest: { [name: string]: Json } = {};
  let changed = false;
  for (const name of Object.keys(object)) {
    const value = object[name]!;
    const property = properties.get(name);
    const kept =
      property === undefined
        ? (extra?.strip(value, depth + 1) ?? value)
        : property.target.strip(value, depth + 1);
    if (property?.fallback !== undefined && sameJson(kept, standardOf(property, depth))) {
      changed = true;
      continue;
    }
    changed ||= kept !== value;
    setOwn(rest, name, kept);
  }
  return changed ? rest : object;
}

function standardOf({ standards, fallback, target }: Property, depth: number): Json | undefined {
  if (fallback === undefined) return undefined;
  return (standards[depth] ??= target.strip(target.fill(fallback, depth + 1), depth + 1));
}

/** An object in which some properties are replaced: copied when the first one is. */
class Changing {
  readonly #original: JsonObject;
  #copy: { [name: string]: Json } | undefined;

  constructor(original: JsonObject) {
    this.#original = original;
  }

  get(name: string): Json | undefined {
    const object = this.#copy ?? this.#original;
    return Object.hasOwn(object, name) ? object[name] : undefined;
  }

  set(name: string, value: Json): void {
    if (this.#copy === undefined && this.get(name) === value) return;
    this.#copy ??= copyOf(this.#original);
    setOwn(this.#copy, name, value);
  }

  result(): JsonObject {
    return this.#copy ?? this.#original;
  }
}

/** Not by `{ ...object }`, which leaves no room: adding to it would take twenty times as long. */
function copyOf(object: JsonObject): { [name: string]: Json } {
  const copy: { [name: string]: Json } = {};
  for (const name of Object.keys(object)) setOwn(copy, name, object[name]!);
  return copy;
}

/** The list itself where nothing changes. */
function mapItems(list: readonly Json[], change: (item: Json) => Json): readonly Json[] {
  let changed: Json[] | undefined;
  for (const [index, item] of list.entries()) {
    const next = change(item);
    if (next !== item) changed ??= [...list];
    if (changed !== undefined) changed[index] = next;
  }
  return changed ?? list;
}

function resolveRef(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  let at: Json | undefined = root;
  for (const step of reference.slice(2).split('/'))
    at = isJsonObject(at) ? at[decodePointer(step)] : undefined;
  return isJsonObject(at) ? at : schema;
}

function decodePointer(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function schemaAt(schema: JsonSchema, keyword: string): JsonSchema | undefined {
  const value = schema[keyword];
  return isJsonObject(value) ? value : undefined;
}

function listAt(schema: JsonSchema, keyword: string): readonly JsonSchema[] {
  const value = schema[keyword];
  return isJsonList(value) ? value.filter(isJsonObject) : [];
}
