import type { Json } from '../../cache/json.ts';
import type { GroupDeclaration, Param, Scope } from './declaration.ts';
import { mayHoldExpression } from './expression-text.ts';
import { Findings } from './findings.ts';
import type { Located, LocatedMap } from './located.ts';
import { entryOf, mapOf, toJson } from './located.ts';
import { suggest } from './nearest.ts';
import { parseStudy } from './parse-study.ts';
import type { Span } from './source.ts';
import { createSource } from './source.ts';
import { describeValue } from './value.ts';

const longestOverride = 100_000;

/** Where a template's params get their values: the `with` of the group that uses it. */
export interface ParamBinding {
  readonly node: LocatedMap;
  readonly scope: Scope;
  readonly group: () => GroupDeclaration;
}

export interface ParamsRequest {
  readonly findings: Findings;
  /** `--param k=v`, read as YAML scalars. */
  readonly overrides: ReadonlyMap<string, string>;
  readonly template: ParamBinding | undefined;
}

/** A file's params with their values: overridden, bound by a template's user, or as the file says. */
export function declareParams(
  node: LocatedMap | undefined,
  request: ParamsRequest,
): ReadonlyMap<string, Param> {
  const params = new Map<string, Param>();
  for (const [name, { key, value }] of node?.entries ?? []) {
    if (name.startsWith('x-')) continue;
    params.set(name, bind({ name, span: key, fallback: fallbackOf(value, request.findings) }, request));
  }
  reportUnknown(params, node, request);
  return params;
}

function bind(param: Omit<Param, 'bound'>, request: ParamsRequest): Param {
  const { findings, overrides, template } = request;
  const { name, span, fallback } = param;
  const override = overrides.get(name);
  if (override !== undefined) {
    const read = overrideValue(name, override, span, findings);
    // Where text is wanted, `3` and `true` are text as well: nobody quotes twice on a command line.
    const value = typeof fallback === 'string' && typeof read !== 'string' ? override : read;
    checkType(param, value, { findings, span, by: `--param ${name}=${override}` });
    return { ...param, bound: { kind: 'value', value } };
  }
  const said = template === undefined ? undefined : entryOf(mapOf(template.node, 'with'), name);
  if (template !== undefined && said !== undefined) {
    if (holdsExpression(said.value)) {
      return {
        ...param,
        bound: { kind: 'outer', node: said.value, scope: template.scope, group: template.group },
      };
    }
    const value = toJson(said.value);
    checkType(param, value, { findings, span: said.value.span, by: 'this value' });
    return { ...param, bound: { kind: 'value', value } };
  }
  if (fallback === null) {
    const keySpan = template === undefined ? span : withSpan(template.node);
    findings.report({
      code: 'missing-param',
      span: keySpan,
      message: `parameter '${name}' needs a value`,
      hint: template === undefined ? `--param ${name}=VALUE` : `with: { ${name}: … }`,
      ...(template === undefined ? {} : { related: [{ span, note: 'declared here without a default' }] }),
    });
  }
  return { ...param, bound: { kind: 'value', value: fallback } };
}

function reportUnknown(
  params: ReadonlyMap<string, Param>,
  node: LocatedMap | undefined,
  { findings, overrides, template }: ParamsRequest,
): void {
  if (template !== undefined) {
    for (const [name, { key }] of mapOf(template.node, 'with')?.entries ?? []) {
      if (params.has(name) || name.startsWith('x-')) continue;
      const message = `this template has no parameter '${name}'`;
      findings.report({ code: 'unknown-param', span: key, message, hint: suggest(name, params.keys()) });
    }
    return;
  }
  for (const name of overrides.keys()) {
    if (params.has(name)) continue;
    const source = node?.span.source ?? [...findings.sources.values()][0];
    if (source === undefined) continue;
    findings.report({
      code: 'unknown-param',
      span: node?.span ?? { source, start: 0, end: 1 },
      message: `--param ${name}: the study has no parameter '${name}'`,
      hint: suggest(name, params.keys()) ?? 'declare it under `params:`',
    });
  }
}

function fallbackOf(value: Located, findings: Findings): Json {
  if (holdsExpression(value)) {
    findings.report({
      code: 'not-static',
      span: value.span,
      message: "a parameter's default is a plain value",
      hint: 'compute where it is used',
    });
    return null;
  }
  return toJson(value);
}

/** The command line's text as YAML reads it, within a study's bounds: `3` is a number, `[1, 2]` a list, `abc` text. */
function overrideValue(name: string, text: string, span: Span, findings: Findings): Json {
  if (text.trim() === '') return null;
  const own = new Findings();
  const tree =
    text.length > longestOverride ? undefined : parseStudy(createSource(`--param ${name}`, text), own);
  const [problem] = own.list();
  if (tree !== undefined && problem === undefined) return toJson(tree);
  findings.report({
    code: 'bad-param',
    span,
    message: `--param ${name}: '${shortened(text)}' cannot be read as a YAML value: ${
      problem?.message ?? `it has more than ${longestOverride} characters`
    }`,
    hint: 'quote it: --param \'NAME="text"\'',
  });
  return null;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A default says which type a parameter has; `null` says none. */
function sameType(fallback: Json, value: Json): boolean {
  return fallback === null || typeOf(fallback) === typeOf(value);
}

function checkType(
  { name, fallback, span: declared }: Omit<Param, 'bound'>,
  value: Json,
  where: { readonly findings: Findings; readonly span: Span; readonly by: string },
): void {
  if (sameType(fallback, value)) return;
  where.findings.report({
    code: 'wrong-type',
    span: where.span,
    message: `parameter '${name}' takes ${typeWord(fallback)}, and ${where.by} is ${describeValue(value)}`,
    hint: `its default is ${JSON.stringify(fallback)}; a default of null takes any type`,
    ...(where.span === declared ? {} : { related: [{ span: declared, note: 'its default gives the type' }] }),
  });
}

function typeWord(value: Json): string {
  const words: { readonly [type: string]: string } = {
    number: 'a number',
    string: 'text',
    boolean: 'true or false',
    list: 'a list',
    object: 'a mapping',
  };
  return words[typeOf(value)] ?? 'null';
}

function typeOf(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'list' : typeof value;
}

function withSpan(node: LocatedMap): Span {
  return entryOf(node, 'with')?.key ?? entryOf(node, 'uses')?.value.span ?? node.span;
}

function holdsExpression(node: Located): boolean {
  switch (node.kind) {
    case 'scalar':
      return mayHoldExpression(node.value);
    case 'list':
      return node.items.some(holdsExpression);
    case 'map':
      return [...node.entries.values()].some((entry) => holdsExpression(entry.value));
  }
}
