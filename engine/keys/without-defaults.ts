import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';

/**
 * `options` less every value that equals its schema's default, at any depth, so that an option added later (whose
 * default is the old behaviour) leaves the keys of earlier results as they were.
 */
export function withoutDefaults(schema: JsonSchema, options: JsonObject): JsonObject {
  return stripObject(schema, options, schema);
}

function stripObject(schema: JsonSchema, value: JsonObject, root: JsonSchema): JsonObject {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const kept: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const said = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (!isObject(said)) {
      kept.push([name, member]);
      continue;
    }
    const stripped = strip(said, member, root);
    const fallback = defaultOf(said, root);
    // A default may itself be written short, leaving out its own members' defaults: both sides are compared stripped.
    if (fallback !== undefined && isDeepStrictEqual(stripped, strip(said, fallback, root))) continue;
    kept.push([name, stripped]);
  }
  return Object.fromEntries(kept);
}

function strip(schema: JsonSchema, value: Json, root: JsonSchema): Json {
  const shape = shapeFor(schema, value, root);
  if (isObject(value)) return stripObject(shape, value, root);
  const items = shape['items'];
  return isList(value) && isObject(items) ? value.map((item) => strip(items, item, root)) : value;
}

function defaultOf(schema: JsonSchema, root: JsonSchema): Json | undefined {
  return schema['default'] ?? (schema['default'] === null ? null : dereference(schema, root)['default']);
}

/** The schema that describes `value`: references followed, and of alternatives the one whose constants it bears. */
function shapeFor(schema: JsonSchema, value: Json, root: JsonSchema): JsonSchema {
  const shape = dereference(schema, root);
  const alternatives = shape['oneOf'] ?? shape['anyOf'];
  if (!Array.isArray(alternatives)) return shape;
  const branch = alternatives
    .filter(isObject)
    .map((each) => dereference(each, root))
    .find((each) => fits(each, value));
  return branch === undefined ? shape : shapeFor(branch, value, root);
}

function fits(schema: JsonSchema, value: Json): boolean {
  if ('const' in schema) return isDeepStrictEqual(schema['const'], value);
  const type = schema['type'];
  if (Array.isArray(value)) return type === 'array';
  if (!isObject(value)) return type === typeof value || (type === 'integer' && typeof value === 'number');
  if (type !== undefined && type !== 'object') return false;
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  return Object.entries(properties).every(
    ([name, said]) => !isObject(said) || !('const' in said) || isDeepStrictEqual(said['const'], value[name]),
  );
}

function dereference(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const reference = schema['$ref'];
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return schema;
  let target: Json | undefined = root;
  for (const segment of reference.slice(2).split('/')) {
    target = isObject(target) ? target[segment.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return isObject(target) ? dereference(target, root) : schema;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
