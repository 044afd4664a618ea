import type { ParseResult } from '@marcbachmann/cel-js';
import { Environment } from '@marcbachmann/cel-js';
import type { Anatomy, Chain, Segment } from './chains.ts';
import { dissect } from './chains.ts';
import type { ExpressionProblem } from './expression-problems.ts';
import { problemOf, SizeError } from './expression-problems.ts';
import type { TextPiece } from './expression-text.ts';
import { splitText } from './expression-text.ts';
import { guardDivision, guardIteration, guardSplit, mostMade } from './guards.ts';
import { DataReferenceValue, isDataReference, isReference, ReferenceValue } from './reference.ts';
import type { Value } from './value.ts';
import { isWellFormed } from './value.ts';
import { isLargerThan } from './value-size.ts';

/** Longer expressions are refused: what needs more belongs into a task. */
const longest = 2000;
/** How many values an iterating expression may be given, so that its work stays bounded. */
const mostIterated = 2000;

export interface Expression {
  readonly kind: 'expression';
  readonly text: string;
  readonly chains: readonly Chain[];
  /** It is one dotted name and nothing else: its value is what the name stands for, without being evaluated. */
  readonly isName: boolean;
  /** `context` maps each chain's root to nested mappings that end in values. */
  readonly evaluate: (
    context: EvaluationContext,
  ) => ExpressionProblem | { readonly kind: 'value'; readonly value: Value };
}

export type EvaluationContext = { readonly [root: string]: unknown };

/** The words that no task or parameter can have: CEL knows them already. */
export function isReservedName(name: string): boolean {
  return reserved.has(name) || celWords.has(name) || studyRoots.has(name);
}

export const studyRoots: ReadonlySet<string> = new Set([
  'params',
  'data',
  'matrix',
  'member',
  'previous',
  'all',
]);

const celWords = new Set(
  (
    'as break const continue else for function if import let loop package namespace return var void while in true ' +
    'false null'
  ).split(' '),
);
const reserved = new Set(
  '__proto__ prototype cel optional google int uint double bool string bytes list map type dyn null_type'.split(
    ' ',
  ),
);

/** Compiles the expressions of one study; the same text is compiled once. */
export class ExpressionCompiler {
  readonly #environment = studyEnvironment();
  readonly #compiled = new Map<string, Expression | ExpressionProblem>();
  readonly #pieces = new Map<string, readonly TextPiece[]>();

  compile(text: string): Expression | ExpressionProblem {
    const known = this.#compiled.get(text);
    if (known !== undefined) return known;
    const compiled = this.#compileName(text) ?? compile(this.#environment, text);
    this.#compiled.set(text, compiled);
    return compiled;
  }

  /** As `splitText`; the same text is split once. */
  split(text: string): readonly TextPiece[] {
    let pieces = this.#pieces.get(text);
    if (pieces === undefined) this.#pieces.set(text, (pieces = splitText(text)));
    return pieces;
  }

  /** Studies refer to thousands of outputs by name. CEL is asked only where a name's last segments are read off its value. */
  #compileName(text: string): Expression | undefined {
    const chain = readName(text);
    if (chain === undefined) return undefined;
    let compiled: Expression | ExpressionProblem | undefined;
    return {
      kind: 'expression',
      text,
      chains: [chain],
      isName: true,
      evaluate: (context) => {
        compiled ??= compile(this.#environment, text);
        return compiled.kind === 'problem' ? compiled : compiled.evaluate(context);
      },
    };
  }
}

const dottedName = /^[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*){0,7}$/;

/** `retrain.model` as the chain that CEL would read; undefined for anything else, and for words that CEL knows. */
function readName(text: string): Chain | undefined {
  if (!dottedName.test(text)) return undefined;
  const segments: Segment[] = [];
  let start = 0;
  for (const name of text.split('.')) {
    if (celWords.has(name) || reserved.has(name)) return undefined;
    segments.push({ name, start, end: start + name.length });
    start += name.length + 1;
  }
  return { segments, lenient: false };
}

/** CEL, with study numbers: doubles, which mix with integer literals. */
function studyEnvironment(): Environment {
  const environment = new Environment({
    unlistedVariablesAreDyn: true,
    homogeneousAggregateLiterals: false,
    limits: { maxAstNodes: 400, maxDepth: 32, maxListElements: 200, maxMapEntries: 100, maxCallArguments: 8 },
  });
  environment.registerType('Reference', ReferenceValue).registerType('DataReference', DataReferenceValue);
  const arithmetic: readonly (readonly [string, (a: number, b: number) => number])[] = [
    ['+', (a, b) => a + b],
    ['-', (a, b) => a - b],
    ['*', (a, b) => a * b],
    ['/', (a, b) => a / b],
    ['%', (a, b) => a % b],
  ];
  for (const [operator, apply] of arithmetic) {
    const handler = (a: unknown, b: unknown): number => apply(Number(a), Number(b));
    environment.registerOperator(`int ${operator} double: double`, handler);
    environment.registerOperator(`double ${operator} int: double`, handler);
    if (operator === '%') environment.registerOperator('double % double: double', handler);
  }
  return environment;
}

function compile(environment: Environment, text: string): Expression | ExpressionProblem {
  const whole = { start: 0, end: text.length };
  if (text === '') {
    return { kind: 'problem', code: 'expression', message: 'the expression is empty', ...whole };
  }
  if (text.length > longest) {
    const message = `an expression is longer than ${longest} characters`;
    const hint = 'compute it in a task, or keep the values in `params`';
    return { kind: 'problem', code: 'expression', message, hint, ...whole };
  }
  try {
    const parsed = environment.parse(text);
    const anatomy = dissect(parsed.ast);
    if (anatomy.problem !== undefined) {
      const { message, node } = anatomy.problem;
      return { kind: 'problem', code: 'expression', message, start: node.start, end: node.end };
    }
    const checked = parsed.check();
    if (checked.error !== undefined) return problemOf(checked.error, text);
    for (const node of anatomy.divisions) guardDivision(node);
    for (const node of anatomy.iterations) guardIteration(node);
    for (const node of anatomy.splits) guardSplit(node);
    return {
      kind: 'expression',
      text,
      chains: anatomy.chains,
      isName: false,
      evaluate: (context) => evaluate(parsed, text, context, anatomy),
    };
  } catch (error) {
    return problemOf(error, text);
  }
}

function evaluate(
  parsed: ParseResult,
  text: string,
  context: EvaluationContext,
  { iterations, computes }: Anatomy,
): ExpressionProblem | { readonly kind: 'value'; readonly value: Value } {
  const whole = { start: 0, end: text.length };
  if (iterations.length > 0 && isLargerThan(context, mostIterated)) {
    const message = `an expression iterates over more than ${mostIterated} values`;
    const hint = 'go over fewer at a time, or compute it in a task';
    return { kind: 'problem', code: 'expression', message, hint, ...whole };
  }
  if (computes && isLargerThan(context, mostMade)) return problemOf(new SizeError(parsed.ast), text);
  try {
    const result: unknown = parsed(context);
    if (computes && isLargerThan(result, mostMade)) throw new SizeError(parsed.ast);
    return resultOf(result, text);
  } catch (error) {
    return problemOf(error, text);
  }
}

/** What an expression has come to, as a value of the study. */
export function resultOf(
  result: unknown,
  text: string,
): ExpressionProblem | { readonly kind: 'value'; readonly value: Value } {
  const value = toValue(result);
  if (value !== undefined) return { kind: 'value', value };
  const message =
    'the result is not a finite number, text, true, false, null, a list, a mapping or a reference';
  return { kind: 'problem', code: 'expression', message, start: 0, end: text.length };
}

/** Integers come back as numbers; undefined for what has no place in a study (bytes, types, times, infinities). */
function toValue(result: unknown): Value | undefined {
  if (result === null || typeof result === 'boolean') return result;
  if (typeof result === 'string') return isWellFormed(result) ? result : undefined;
  if (typeof result === 'number') return Number.isFinite(result) ? result + 0 : undefined;
  if (typeof result === 'bigint') {
    const number = Number(result);
    return Number.isSafeInteger(number) ? number : undefined;
  }
  if (isReference(result) || isDataReference(result)) return result;
  if (Array.isArray(result)) {
    const items = result.map(toValue);
    return items.includes(undefined) ? undefined : (items as Value[]);
  }
  if (typeof result !== 'object' || Object.getPrototypeOf(Object.getPrototypeOf(result) ?? {}) !== null)
    return undefined;
  const entries = Object.entries(result).map(([key, item]) => [key, toValue(item)] as const);
  if (entries.some(([, item]) => item === undefined)) return undefined;
  return Object.fromEntries(entries) as { readonly [key: string]: Value };
}
