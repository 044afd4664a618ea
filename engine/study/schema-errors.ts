import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Json } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import { explain, missingOf } from './explain-error.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { locate } from './located.ts';
import type { Span } from './source.ts';
import { accepts, validatorOf } from './validator.ts';

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
  /** What the value as a whole is called in messages. */
  readonly subject?: string;
}

/** Checks a value and reports each error at its place in the file. Returns whether there was any. */
export function reportSchemaErrors(check: SchemaCheck): boolean {
  if (accepts(check.schema, check.value)) return false;
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
    const told = discriminate([...branches].filter(([name]) => name !== 'expression').map(([, one]) => one));
    if (told !== undefined) {
      const dropped = new Set([...branches.values()].flat());
      rest = [...rest.filter((error) => !dropped.has(error)), told];
      continue;
    }
    const ranked = [...branches.values()].sort((a, b) => wrongness(a, choice) - wrongness(b, choice));
    const dropped = new Set(ranked.slice(1).flat());
    if (ranked.length > 0) rest = rest.filter((error) => !dropped.has(error));
    else if (choice.keyword === 'anyOf') rest = [...rest, choice];
  }
  return rest;
}

/** Where each alternative asks for another constant at the same place, that place takes one of these. */
function discriminate(branches: readonly (readonly ErrorObject[])[]): ErrorObject | undefined {
  if (branches.length < 2) return undefined;
  const constants = branches.map((errors) => errors.find((error) => error.keyword === 'const'));
  const [first] = constants;
  if (first === undefined || !constants.every((one) => one?.instancePath === first.instancePath))
    return undefined;
  const allowedValues = constants.map((one): unknown => one?.params['allowedValue']);
  return { ...first, keyword: 'enum', params: { allowedValues } };
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
  const isOther = errors.some((error) => error.keyword === 'const');
  return (isOther ? 500 : 0) + (atTop ? 1000 : 0) + (isExpression ? 10_000 : 0) + errors.length;
}

function reportError(error: ErrorObject, check: SchemaCheck): void {
  const path = pointer(error.instancePath);
  const { code, message, hint, key } = explain(error, path, check.subject);
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

function pointer(instancePath: string): readonly (string | number)[] {
  if (instancePath === '') return [];
  return instancePath
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}
