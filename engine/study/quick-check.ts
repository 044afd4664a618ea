import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import { sameJson } from './same-json.ts';

/** Whether a value fits, and nothing about what is wrong with it. */
export type Check = (value: Json) => boolean;

/**
 * A schema as functions, for the parts of JSON Schema that are in use here; undefined where it says anything else. What
 * fits is told in microseconds and without generating code: only for a value that does not fit is the full validator
 * asked, whose errors are then explained. The two agree: a property test holds them against each other.
 */
export function quickCheck(schema: JsonSchema): Check | undefined {
  const compiler = new QuickCompiler(schema);
  const check = compiler.schema(schema);
  return compiler.isComplete() ? check : undefined;
}

/** Keywords that say nothing about a value. */
const silent = new Set(['$schema', '$defs', '$comment', 'title', 'description', 'default', 'examples']);

/** Keywords that are read together with another. */
const companions = new Set(['then', 'else', 'patternProperties', 'properties']);

const fits: Check = () => true;
const failsAlways: Check = () => false;

class QuickCompiler {
  readonly #root: JsonSchema;
  readonly #references = new Map<string, { check: Check }>();
  #complete = true;

  constructor(root: JsonSchema) {
    this.#root = root;
  }

  isComplete(): boolean {
    return this.#complete;
  }

  schema(schema: Json): Check {
    if (schema === true) return fits;
    if (schema === false) return failsAlways;
    if (!isObject(schema)) return this.#unknown();
    const checks: Check[] = [];
    for (const [keyword, said] of Object.entries(schema)) {
      if (!silent.has(keyword) && !companions.has(keyword)) checks.push(this.#keyword(keyword, said, schema));
    }
    const members = this.#members(schema);
    if (members !== undefined) checks.push(members);
    return every(checks);
  }

  #keyword(keyword: string, said: Json, schema: JsonObject): Check {
    switch (keyword) {
      case 'type':
        return this.#type(said);
      case 'enum':
        return isList(said) ? oneOfValues(said) : this.#unknown();
      case 'const':
        return isScalar(said) ? (value) => value === said : (value) => sameJson(value, said);
      case '$ref':
        return this.#reference(said);
      case 'allOf':
        return every(this.#branches(said));
      case 'anyOf':
        return some(this.#branches(said));
      case 'oneOf': {
        const branches = this.#branches(said);
        return (value) => branches.reduce((count, branch) => count + (branch(value) ? 1 : 0), 0) === 1;
      }
      case 'if': {
        const condition = this.schema(said);
        const then = this.schema(schema['then'] ?? true);
        const otherwise = this.schema(schema['else'] ?? true);
        return (value) => (condition(value) ? then(value) : otherwise(value));
      }
      case 'required':
        return isTexts(said)
          ? (value) => !isObject(value) || said.every((name) => value[name] !== undefined)
          : this.#unknown();
      case 'additionalProperties':
        // Read by #members.
        return fits;
      case 'propertyNames': {
        const name = this.schema(said);
        return (value) => !isObject(value) || Object.keys(value).every(name);
      }
      case 'items': {
        const item = this.schema(said);
        return (value) => !isList(value) || value.every(item);
      }
      case 'uniqueItems':
        return said === true ? (value) => !isList(value) || isUnique(value) : fits;
      case 'pattern': {
        if (typeof said !== 'string') return this.#unknown();
        const pattern = new RegExp(said, 'u');
        return (value) => typeof value !== 'string' || pattern.test(value);
      }
      default:
        return typeof said === 'number' ? (this.#bound(keyword, said) ?? this.#unknown()) : this.#unknown();
    }
  }

  #bound(keyword: string, limit: number): Check | undefined {
    switch (keyword) {
      case 'minimum':
        return (value) => typeof value !== 'number' || value >= limit;
      case 'maximum':
        return (value) => typeof value !== 'number' || value <= limit;
      case 'exclusiveMinimum':
        return (value) => typeof value !== 'number' || value > limit;
      case 'exclusiveMaximum':
        return (value) => typeof value !== 'number' || value < limit;
      case 'minLength':
        return (value) => typeof value !== 'string' || characters(value) >= limit;
      case 'maxLength':
        return (value) => typeof value !== 'string' || characters(value) <= limit;
      case 'minItems':
        return (value) => !isList(value) || value.length >= limit;
      case 'maxItems':
        return (value) => !isList(value) || value.length <= limit;
      case 'minProperties':
        return (value) => !isObject(value) || Object.keys(value).length >= limit;
      case 'maxProperties':
        return (value) => !isObject(value) || Object.keys(value).length <= limit;
      default:
        return undefined;
    }
  }

  #type(said: Json): Check {
    if (isTexts(said)) return some(said.map((name) => this.#type(name)));
    switch (said) {
      case 'string':
      case 'boolean':
        return (value) => typeof value === said;
      case 'number':
        return (value) => Number.isFinite(value);
      case 'integer':
        return (value) => Number.isInteger(value);
      case 'null':
        return (value) => value === null;
      case 'array':
        return isList;
      case 'object':
        return isObject;
      default:
        return this.#unknown();
    }
  }

  /** `properties`, `patternProperties` and `additionalProperties` in one walk over the keys. */
  #members(schema: JsonObject): Check | undefined {
    const { properties = {}, patternProperties = {}, additionalProperties } = schema;
    if (!isObject(properties) || !isObject(patternProperties)) return this.#unknown();
    const named = new Map(Object.entries(properties).map(([name, one]) => [name, this.schema(one)]));
    const patterns = Object.entries(patternProperties).map(([pattern, one]) => ({
      pattern: new RegExp(pattern, 'u'),
      check: this.schema(one),
    }));
    const others = additionalProperties === undefined ? fits : this.schema(additionalProperties);
    if (named.size === 0 && patterns.length === 0 && others === fits) return undefined;
    return (value) => {
      if (!isObject(value)) return true;
      for (const [name, item] of Object.entries(value)) {
        const own = named.get(name);
        if (own?.(item) === false) return false;
        let isKnown = own !== undefined;
        for (const { pattern, check } of patterns) {
          if (!pattern.test(name)) continue;
          if (!check(item)) return false;
          isKnown = true;
        }
        if (!isKnown && !others(item)) return false;
      }
      return true;
    };
  }

  /** Definitions may refer to themselves: a reference is looked up when it is used. */
  #reference(said: Json): Check {
    if (typeof said !== 'string' || !said.startsWith('#/$defs/')) return this.#unknown();
    const known = this.#references.get(said);
    if (known !== undefined) return (value) => known.check(value);
    const definitions = this.#root['$defs'];
    const name = said.slice('#/$defs/'.length);
    const target = isObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
    if (target === undefined) return this.#unknown();
    const reference = { check: fits };
    this.#references.set(said, reference);
    reference.check = this.schema(target);
    return (value) => reference.check(value);
  }

  #branches(said: Json): readonly Check[] {
    return isList(said) ? said.map((one) => this.schema(one)) : [this.#unknown()];
  }

  #unknown(): Check {
    this.#complete = false;
    return failsAlways;
  }
}

function every(checks: readonly Check[]): Check {
  const [first, second] = checks;
  if (first === undefined) return fits;
  if (second === undefined) return first;
  return (value) => {
    for (const check of checks) if (!check(value)) return false;
    return true;
  };
}

function some(checks: readonly Check[]): Check {
  return (value) => {
    for (const check of checks) if (check(value)) return true;
    return false;
  };
}

function oneOfValues(values: readonly Json[]): Check {
  const scalars = new Set(values.filter(isScalar));
  const others = values.filter((value) => !isScalar(value));
  return (value) => (isScalar(value) ? scalars.has(value) : others.some((other) => sameJson(other, value)));
}

function isUnique(items: readonly Json[]): boolean {
  const scalars = items.filter(isScalar);
  if (new Set(scalars).size < scalars.length) return false;
  const others = items.filter((item) => !isScalar(item));
  return others.every((item, index) => others.findIndex((other) => sameJson(item, other)) === index);
}

/** As JSON Schema counts: code points. */
function characters(text: string): number {
  let count = text.length;
  for (let at = 0; at < text.length; at++) if ((text.codePointAt(at) ?? 0) > 0xffff) count--;
  return count;
}

function isScalar(value: Json): value is null | boolean | number | string {
  return typeof value !== 'object' || value === null;
}

function isTexts(value: Json): value is readonly string[] {
  return isList(value) && value.every((one) => typeof one === 'string');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
