import type { Chain } from './chains.ts';
import type { Expression, ExpressionCompiler } from './expression.ts';
import { resultOf } from './expression.ts';
import type { ExpressionProblem } from './expression-problems.ts';
import { mayHoldExpression, spanWithin, splitText } from './expression-text.ts';
import type { Findings } from './findings.ts';
import type { Located, LocatedScalar } from './located.ts';
import type { Layered } from './layered.ts';
import type { Scope } from './declaration.ts';
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
    case 'map': {
      const values: { [key: string]: Value } = {};
      let anyFailed = false;
      for (const [key, entry] of node.entries) {
        const value = evaluateNode(entry.value, scope, evaluation);
        if (value === failed) anyFailed = true;
        else values[key] = value;
      }
      return anyFailed ? failed : values;
    }
  }
}

/** As `evaluateNode`, for what is said in layers. Instances share what does not depend on them. */
export function evaluateLayered(layered: Layered<Scope>, evaluation: Evaluation): Value | Failed {
  const { constant } = layered;
  if (constant !== undefined) return constant;
  const top = layered.layers[0]!;
  if (top.node.kind !== 'map') return evaluateNode(top.node, top.scope, evaluation);
  const values: { [key: string]: Value } = {};
  let anyFailed = false;
  for (const [key, under] of layered.entries) {
    const value = evaluateLayered(under, evaluation);
    if (value === failed) anyFailed = true;
    else values[key] = value;
  }
  return anyFailed ? failed : values;
}

/** A string with `${{ }}` in it: wholly one expression keeps its type, anything else becomes text. */
function evaluateText(scalar: LocatedScalar, scope: Scope, evaluation: Evaluation): Value | Failed {
  const pieces = evaluation.compiler.split(String(scalar.value));
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
  const found = lookUpChains(compiled, spanOf, scope, evaluation);
  if (found === failed) return failed;
  const [first] = found;
  const isWhole = compiled.isName && first !== undefined && first.used === first.chain.segments.length;
  const result = isWhole ? resultOf(first.value, text) : compiled.evaluate(contextOf(found));
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

interface FoundChain extends Found {
  readonly chain: Chain;
}

function lookUpChains(
  expression: Expression,
  spanOf: (start: number, end: number) => Span,
  scope: Scope,
  evaluation: Evaluation,
): readonly FoundChain[] | Failed {
  const all: FoundChain[] = [];
  let anyFailed = false;
  for (const chain of expression.chains) {
    const { segments } = chain;
    const found = evaluation.lookup(chain, scope, (first, last) =>
      spanOf(segments[first]!.start, segments[Math.min(last, segments.length - 1)]!.end),
    );
    if (found === failed) anyFailed = true;
    else all.push({ chain, value: found.value, used: found.used });
  }
  return anyFailed ? failed : all;
}

/** Nested mappings that hold the value of each chain, and nothing else. */
function contextOf(found: readonly FoundChain[]): { readonly [root: string]: unknown } {
  const context = new Map<string, unknown>();
  for (const { chain, value, used } of found) {
    let level = context;
    for (const { name } of chain.segments.slice(0, used - 1)) {
      const inner = level.get(name);
      const next = inner instanceof Map ? (inner as Map<string, unknown>) : new Map<string, unknown>();
      if (next !== inner) level.set(name, next);
      level = next;
    }
    level.set(chain.segments[used - 1]!.name, value);
  }
  return Object.fromEntries(context);
}
