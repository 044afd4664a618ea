import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { locate } from './located.ts';
import { suggest } from './nearest.ts';
import type { Span } from './source.ts';
import { validatorOf } from './validator.ts';
import { describeValue } from './value.ts';

/** Sorting out alternatives compares errors with each other. */
const mostErrors = 1000;

export interface SchemaCheck {
  readonly schema: JsonSchema;
  readonly value: Json;
  /** Where the value was said, in layers: an error's place is looked for in each. */
  readonly nodes: readonly Located[];
  readonly findings: Findings;
  /** Where to point at if nothing of the value was said. */
  readonly fallback: Span;
  /** A required property that is there by other means (an input of the same name). */
  readonly given?: ReadonlySet<string>;
  readonly codePrefix?: string;
}

/** Checks a value and reports each error at its place in the file. Returns whether there was any. */
export function reportSchemaErrors(check: SchemaCheck): boolean {
  const validate = validatorOf(check.schema);
  if (validate(check.value)) return false;
  const errors = leadingErrors((validate.errors ?? []).slice(0, mostErrors)).filter(
    (error) =>
      !(error.keyword === 'required' && error.instancePath === '' && check.given?.has(missingOf(error))),
  );
  for (const error of errors) reportError(error, check);
  return errors.length > 0;
}

/**
 * Of alternatives (`anyOf`, `oneOf`) only the one that came nearest is worth a message; and what `if` says is the
 * business of its branches.
 */
function leadingErrors(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter((error) => error.keyword === 'anyOf' || error.keyword === 'oneOf');
  let rest = errors.filter((error) => !['anyOf', 'oneOf', 'if'].includes(error.keyword));
  for (const choice of choices) {
    const prefix = `${choice.schemaPath}/`;
    const branches = new Map<string, ErrorObject[]>();
    for (const error of rest) {
      const under = branchOf(error, choice, prefix);
      if (under === undefined) continue;
      const list = branches.get(under);
      if (list === undefined) branches.set(under, [error]);
      else list.push(error);
    }
    const ranked = [...branches.values()].sort((a, b) => wrongness(a, choice) - wrongness(b, choice));
    const dropped = new Set(ranked.slice(1).flat());
    if (ranked.length > 0) rest = rest.filter((error) => !dropped.has(error));
    else if (choice.keyword === 'anyOf') rest = [...rest, choice];
  }
  return rest;
}

function branchOf(error: ErrorObject, choice: ErrorObject, prefix: string): string | undefined {
  if (!isUnder(error.instancePath, choice.instancePath)) return undefined;
  if (error.schemaPath.startsWith(prefix)) return error.schemaPath.slice(prefix.length).split('/')[0];
  // Through a `$ref` the path starts anew; the expression's own pattern is the only such branch.
  return error.schemaPath.startsWith('#/$defs/expression') && error.instancePath === choice.instancePath
    ? 'expression'
    : undefined;
}

function isUnder(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

/** A branch whose very type is wrong is further off than one in which a detail is. */
function wrongness(errors: readonly ErrorObject[], choice: ErrorObject): number {
  const atTop = errors.some(
    (error) => error.instancePath === choice.instancePath && error.keyword === 'type',
  );
  const isExpression = errors.some((error) => error.schemaPath.startsWith('#/$defs/expression'));
  return (atTop ? 1000 : 0) + (isExpression ? 10_000 : 0) + errors.length;
}

function reportError(error: ErrorObject, check: SchemaCheck): void {
  const path = pointer(error.instancePath);
  const { code, message, hint, key } = explain(error, path);
  const full = key === undefined ? path : [...path, key];
  const place = placeFor(full, key !== undefined, error.keyword === 'required', check);
  check.findings.report({ code, message, hint, span: place });
}

function placeFor(
  path: readonly (string | number)[],
  atKey: boolean,
  missing: boolean,
  { nodes, fallback }: SchemaCheck,
): Span {
  for (const node of nodes) {
    const found = locateAll(node, path);
    if (found === undefined) continue;
    if (atKey && found.key !== undefined) return found.key;
    return missing && found.key !== undefined ? found.key : found.node.span;
  }
  // What is missing is missing from its parent, if that was said.
  if (path.length > 1) return placeFor(path.slice(0, -1), true, missing, { nodes, fallback } as SchemaCheck);
  return fallback;
}

function locateAll(
  node: Located,
  path: readonly (string | number)[],
): { readonly node: Located; readonly key: Span | undefined } | undefined {
  if (path.length === 0) return undefined;
  const parent = locate(node, path.slice(0, -1)).node;
  const last = path[path.length - 1]!;
  const reached =
    parent.kind === 'map'
      ? parent.entries.get(String(last))?.value
      : parent.kind === 'list'
        ? parent.items[Number(last)]
        : undefined;
  const found = locate(node, path);
  return reached === undefined || found.node !== reached ? undefined : found;
}

interface Explanation {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** The property that the error is about, below the error's own path. */
  readonly key?: string;
}

function explain(error: ErrorObject, path: readonly (string | number)[]): Explanation {
  const params = error.params as { readonly [name: string]: unknown };
  const what = path.length === 0 ? 'this' : `'${String(path[path.length - 1])}'`;
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

function missingOf(error: ErrorObject): string {
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

function pointer(instancePath: string): readonly (string | number)[] {
  if (instancePath === '') return [];
  return instancePath
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
