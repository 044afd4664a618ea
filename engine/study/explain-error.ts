import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../../cache/json.ts';
import { suggest } from './nearest.ts';
import { describeValue } from './value.ts';

export interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The property that the error is about, below the error's own path. */
  readonly key?: string;
}

/** An error of the schema in words: what is wrong, and the way out. */
export function explain(
  error: ErrorObject,
  path: readonly (string | number)[],
  subject = 'this',
): Explanation {
  const params = error.params as { readonly [name: string]: unknown };
  const what = path.length === 0 ? subject : `'${String(path[path.length - 1])}'`;
  switch (error.keyword) {
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      const key = String(params['additionalProperty'] ?? params['unevaluatedProperty']);
      const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
      return { code: 'unknown-key', message: `unknown key '${key}'`, hint: suggest(key, known), key };
    }
    case 'required':
      return {
        code: 'missing-key',
        message: `${what} needs '${missingOf(error)}'`,
        hint: missingHint(error),
        key: missingOf(error),
      };
    case 'enum': {
      const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
      const value = error.data as Json;
      const said = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
      return {
        code: 'unknown-value',
        message: `${what} cannot be ${said}`,
        hint: suggest(typeof value === 'string' ? value : said, allowed),
      };
    }
    case 'const':
      return {
        code: 'unknown-value',
        message: `${what} has to be ${JSON.stringify(params['allowedValue'])}`,
      };
    case 'type':
      return {
        code: 'wrong-type',
        message: `${what} has to be ${typeWords(params['type'])}, and this is ${describeValue(error.data as Json)}`,
        hint: typeHint(params['type'], error.data as Json) ?? descriptionOf(error),
      };
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return {
        code: 'out-of-range',
        message: `${what} has to be ${String(params['comparison'])} ${String(params['limit'])}, and this is ${String(error.data)}`,
        hint: descriptionOf(error),
      };
    case 'minItems':
    case 'minLength':
    case 'minProperties':
      return {
        code: 'out-of-range',
        message: `${what} needs at least ${String(params['limit'])}`,
        hint: descriptionOf(error),
      };
    case 'maxItems':
    case 'maxLength':
    case 'maxProperties':
      return {
        code: 'out-of-range',
        message: `${what} takes at most ${String(params['limit'])}`,
        hint: descriptionOf(error),
      };
    case 'pattern':
      return { code: 'bad-text', message: `${what} is not written as expected`, hint: patternHint(error) };
    default:
      return { code: 'invalid', message: `${what} ${error.message ?? 'is not valid'}` };
  }
}

function patternHint(error: ErrorObject): string {
  return descriptionOf(error) ?? `it should match ${String(error.params['pattern'])}`;
}

/** What the schema says that the value is for. */
function descriptionOf(error: ErrorObject): string | undefined {
  const description: unknown = error.parentSchema?.['description'];
  return typeof description === 'string' ? description : undefined;
}

function missingHint(error: ErrorObject): string | undefined {
  const properties: unknown = error.parentSchema?.['properties'];
  const property: unknown =
    typeof properties === 'object' && properties !== null
      ? (properties as { readonly [name: string]: unknown })[missingOf(error)]
      : undefined;
  const description: unknown =
    typeof property === 'object' && property !== null && 'description' in property
      ? property.description
      : undefined;
  return typeof description === 'string' ? `${missingOf(error)}: ${description}` : undefined;
}

/** The property that a `required` error misses. */
export function missingOf(error: ErrorObject): string {
  return String((error.params as { readonly missingProperty?: unknown }).missingProperty);
}

function typeWords(type: unknown): string {
  const words: { readonly [type: string]: string } = {
    object: 'a mapping',
    array: 'a list',
    string: 'text',
    number: 'a number',
    integer: 'a whole number',
    boolean: 'true or false',
    null: 'empty',
  };
  const types = Array.isArray(type) ? type.map(String) : [String(type)];
  return types.map((one) => words[one] ?? one).join(' or ');
}

function typeHint(type: unknown, value: Json): string | undefined {
  const types = Array.isArray(type) ? type.map(String) : [String(type)];
  if (typeof value === 'string' && (types.includes('number') || types.includes('integer'))) {
    if (value.trim() !== '' && Number.isFinite(Number(value))) return 'leave the quotes out';
  }
  if (types.includes('array') && value !== null && typeof value !== 'object')
    return `write [${String(value)}]`;
  if (types.includes('string') && typeof value === 'number')
    return `quote it: "${String(value)}"; in an expression, string(…)`;
  return undefined;
}
