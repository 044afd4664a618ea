import type { Chain } from './chains.ts';
import type { Expression, ExpressionCompiler } from './expression.ts';
import type { ExpressionProblem } from './expression-problems.ts';
import { mayHoldExpression, spanWithin, splitText } from './expression-text.ts';
import type { Findings } from './findings.ts';
import type { Located, LocatedScalar } from './located.ts';
import type { Layer, Scope } from './declaration.ts';
import type { Span } from './source.ts';
import type { Failed, Value } from './value.ts';
import { describeValue, failed, isList, isRecord, isAnyReference } from './value.ts';

/** What is put together of several parts; each instance has one of its own. */
const longestText = 1_000_000;

/** Reads what a chain stands for, in one scope and for one instance. Reports what is wrong, once. */
export type Lookup = (
  chain: Chain,
  scope: Scope,
  spanOf: (first: number, last: number) => Span,
) => Found | Failed;

export interface Found {
  readonly value: Value;
  /** How many of the chain's segments led to the value. */
  readonly used: number;
}

export interface Evaluation {
  readonly compiler: ExpressionCompiler;
  readonly findings: Findings;
  readonly lookup: Lookup;
}

/** A YAML value with its expressions replaced by what they yield. */
export function evaluateNode(node: Located, scope: Scope, evaluation: Evaluation): Value | Failed {
  switch (node.kind) {
    case 'scalar':
      return mayHoldExpression(node.value) ? evaluateText(node, scope, evaluation) : node.value;
    case 'list': {
      const items: Value[] = [];
      let anyFailed = false;
      for (const item of node.items) {
        const value = evaluateNode(item, scope, evaluation);
        if (value === failed) anyFailed = true;
        else items.push(value);
      }
      return anyFailed ? failed : items;
    }
    case 'map':
      return evaluateLayers([{ node, scope }], evaluation);
  }
}

/** Mappings are laid over each other key by key; the first layer that has a key wins, and anything but a mapping covers what is below. */
export function evaluateLayers(layers: readonly Layer[], evaluation: Evaluation): Value | Failed {
  const [top] = layers;
  if (top === undefined) return {};
  if (top.node.kind !== 'map') return evaluateNode(top.node, top.scope, evaluation);
  const values = new Map<string, Value>();
  let anyFailed = false;
  for (const key of layerKeys(layers)) {
    const value = evaluateLayers(layersOf(layers, key), evaluation);
    if (value === failed) anyFailed = true;
    else values.set(key, value);
  }
  return anyFailed ? failed : Object.fromEntries(values);
}

export function layerKeys(layers: readonly Layer[]): ReadonlySet<string> {
  return new Set(layers.flatMap(({ node }) => (node.kind === 'map' ? [...node.entries.keys()] : [])));
}

/** What the layers say under a key, down to the first that is not a mapping. */
export function layersOf(layers: readonly Layer[], key: string): readonly Layer[] {
  const under: Layer[] = [];
  for (const { node, scope } of layers) {
    const value = node.kind === 'map' ? node.entries.get(key)?.value : undefined;
    if (value === undefined) continue;
    if (value.kind !== 'map' && under.length > 0) break;
    under.push({ node: value, scope });
    if (value.kind !== 'map') break;
  }
  return under;
}

/** A string with `${{ }}` in it: wholly one expression keeps its type, anything else becomes text. */
function evaluateText(scalar: LocatedScalar, scope: Scope, evaluation: Evaluation): Value | Failed {
  const pieces = splitText(String(scalar.value));
  if (pieces.length === 1 && pieces[0]!.kind === 'expression') {
    const { text, offset } = pieces[0]!.expression;
    return evaluateExpression(text, placer(scalar, offset), scope, evaluation);
  }
  let text = '';
  for (const piece of pieces) {
    switch (piece.kind) {
      case 'text':
        text += piece.text;
        break;
      case 'unclosed':
        evaluation.findings.report({
          code: 'expression',
          span: spanWithin(scalar, piece.offset, piece.offset + 3),
          message: 'this expression is not closed',
          hint: 'end it with }}',
        });
        return failed;
      case 'expression': {
        const { offset } = piece.expression;
        const spanOf = placer(scalar, offset);
        const value = evaluateExpression(piece.expression.text, spanOf, scope, evaluation);
        if (value === failed) return failed;
        if (isAnyReference(value) || isList(value) || isRecord(value) || value === null) {
          evaluation.findings.report({
            code: 'not-text',
            span: spanOf(0, piece.expression.text.length),
            message: `${describeValue(value)} cannot become part of a text`,
            hint: 'let the whole value be one expression, or name a part of it',
          });
          return failed;
        }
        text += String(value);
      }
    }
    if (text.length > longestText) {
      const message = `a text becomes longer than ${longestText} characters`;
      evaluation.findings.report({
        code: 'too-large',
        span: scalar.span,
        message,
        hint: 'keep it in a file',
      });
      return failed;
    }
  }
  return text;
}

/** A bare expression: `if`, `until`, `times`. */
export function evaluateBare(scalar: LocatedScalar, scope: Scope, evaluation: Evaluation): Value | Failed {
  if (typeof scalar.value !== 'string') return scalar.value;
  const bare = bareExpression(scalar.value);
  return evaluateExpression(bare.text, placer(scalar, bare.offset), scope, evaluation);
}

/** Around a bare expression, `${{ }}` is allowed too. */
export function bareExpression(value: string): { readonly text: string; readonly offset: number } {
  const pieces = splitText(value);
  if (pieces.length === 1 && pieces[0]!.kind === 'expression') return pieces[0]!.expression;
  const text = value.trim();
  return { text, offset: value.length - value.trimStart().length };
}

export function placer(scalar: LocatedScalar, offset: number): (start: number, end: number) => Span {
  return (start, end) => spanWithin(scalar, offset + start, offset + end);
}

function evaluateExpression(
  text: string,
  spanOf: (start: number, end: number) => Span,
  scope: Scope,
  evaluation: Evaluation,
): Value | Failed {
  const compiled = evaluation.compiler.compile(text);
  if (compiled.kind === 'problem') return reportProblem(compiled, spanOf, evaluation.findings);
  const context = contextFor(compiled, spanOf, scope, evaluation);
  if (context === failed) return failed;
  const result = compiled.evaluate(context);
  return result.kind === 'value' ? result.value : reportProblem(result, spanOf, evaluation.findings);
}

export function reportProblem(
  problem: ExpressionProblem,
  spanOf: (start: number, end: number) => Span,
  findings: Findings,
): Failed {
  const { code, message, hint } = problem;
  findings.report({ code, message, hint, span: spanOf(problem.start, problem.end) });
  return failed;
}

/** Nested mappings that hold the value of each chain, and nothing else. */
function contextFor(
  expression: Expression,
  spanOf: (start: number, end: number) => Span,
  scope: Scope,
  evaluation: Evaluation,
): { readonly [root: string]: unknown } | Failed {
  const context = new Map<string, unknown>();
  let anyFailed = false;
  for (const chain of expression.chains) {
    const { segments } = chain;
    const found = evaluation.lookup(chain, scope, (first, last) =>
      spanOf(segments[first]!.start, segments[Math.min(last, segments.length - 1)]!.end),
    );
    if (found === failed) {
      anyFailed = true;
      continue;
    }
    let level = context;
    for (const { name } of segments.slice(0, found.used - 1)) {
      const inner = level.get(name);
      const next = inner instanceof Map ? (inner as Map<string, unknown>) : new Map<string, unknown>();
      if (next !== inner) level.set(name, next);
      level = next;
    }
    level.set(segments[found.used - 1]!.name, found.value);
  }
  return anyFailed ? failed : Object.fromEntries(context);
}
