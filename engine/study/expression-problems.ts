import type { ASTNode } from '@marcbachmann/cel-js';
import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';

/** What is wrong with an expression. */
export interface ExpressionProblem {
  readonly kind: 'problem';
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** Offsets in the expression. */
  readonly start: number;
  readonly end: number;
}

/** Thrown by the guard around division, inside CEL's evaluator. */
export class DivisionError extends Error {
  readonly code: 'division-by-zero' | 'integer-division';
  readonly node: ASTNode;
  constructor(code: DivisionError['code'], node: ASTNode) {
    super(code);
    this.code = code;
    this.node = node;
  }
}

/** Thrown by the guards around what may grow: iterations, splitting and joining. */
export class SizeError extends Error {
  readonly node: ASTNode;
  constructor(node: ASTNode) {
    super('too large');
    this.node = node;
  }
}

/** Anything that CEL throws, with its place. What is neither its error nor ours is a bug, and thrown on. */
export function problemOf(error: unknown, text: string): ExpressionProblem {
  if (error instanceof DivisionError) {
    const { start, end } = error.node;
    if (error.code === 'division-by-zero') {
      return {
        kind: 'problem',
        code: 'division-by-zero',
        message: 'division by zero',
        hint: `'${divisorOf(error.node, text)}' is 0 here`,
        start,
        end,
      };
    }
    const source = text.slice(start, end);
    return {
      kind: 'problem',
      code: 'integer-division',
      message: 'a division of two integers would cut the fraction off',
      hint: `write one of them with a point: ${source.replace(/(\d+)(?![\d.]*[.\d])/, '$1.0')}`,
      start,
      end,
    };
  }
  if (error instanceof SizeError) {
    const { start, end } = error.node;
    return {
      kind: 'problem',
      code: 'expression',
      message: 'this part of an expression becomes too large',
      hint: 'split it up, or compute it in a task',
      start,
      end,
    };
  }
  if (error instanceof ParseError || error instanceof CelTypeError || error instanceof EvaluationError) {
    const start = Math.min(error.range?.start ?? 0, Math.max(0, text.length - 1));
    const end = Math.max(start + 1, error.range?.end ?? text.length);
    const hint = hintFor(error.code, error.summary);
    return {
      kind: 'problem',
      code: 'expression',
      message: lowerFirst(error.summary),
      ...(hint === undefined ? {} : { hint }),
      start,
      end,
    };
  }
  // The evaluator recurses; a hostile expression may exhaust the stack in spite of the limits.
  if (error instanceof RangeError) {
    return {
      kind: 'problem',
      code: 'expression',
      message: 'the expression is too deep',
      start: 0,
      end: text.length,
    };
  }
  throw error;
}

function divisorOf({ args }: ASTNode, text: string): string {
  const divisor = (args as readonly ASTNode[])[1]!;
  return text.slice(divisor.start, divisor.end);
}

function hintFor(code: string, summary: string): string | undefined {
  if (code === 'no_such_overload' && summary.includes('string')) return 'string(x) and double(x) convert';
  if (code === 'reserved_identifier') return 'CEL keeps this word for itself';
  if (code === 'limit_exceeded') return 'split it up, or compute it in a task';
  return undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
