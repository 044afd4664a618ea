import type { ASTNode } from '@marcbachmann/cel-js';
import { DivisionError, SizeError } from './expression-problems.ts';
import { isLargerThan } from './value-size.ts';

/** How many values an expression may yield, or any iteration in it on the way. */
export const mostMade = 100_000;
/** How many characters may be taken apart, or put together from a list. */
const mostSplit = 1_000_000;

/**
 * CEL divides doubles by zero to infinity and cuts integer quotients, silently. Both would be a wrong plan, so the
 * checked node's handler (cel-js 8.0.0 calls it with both operands) is wrapped.
 */
export function guardDivision(node: ASTNode): void {
  const checked = node as ASTNode & {
    handle?: (left: unknown, right: unknown, ...rest: unknown[]) => unknown;
  };
  const divide = checked.handle;
  if (divide === undefined) throw new Error('cel-js: a checked operator has no handler');
  checked.handle = (left, right, ...rest) => {
    if (right === 0 || right === 0n) throw new DivisionError('division-by-zero', node);
    if (node.op === '/' && typeof left === 'bigint' && typeof right === 'bigint') {
      throw new DivisionError('integer-division', node);
    }
    return divide(left, right, ...rest);
  };
}

interface ExpansionMeta {
  readonly alternate?: { readonly args: { result: (made: unknown) => unknown } };
}

/** An iteration over an iteration may multiply what it is given: what each yields is measured (cel-js 8.0.0 calls `result` with it). */
export function guardIteration(node: ASTNode): void {
  const { alternate } = (node as ASTNode & { readonly meta: ExpansionMeta }).meta;
  if (alternate === undefined) throw new Error('cel-js: an iteration has no comprehension');
  const { result } = alternate.args;
  alternate.args.result = (made) => {
    if (isLargerThan(made, mostMade)) throw new SizeError(node);
    return result(made);
  };
}

/** `split` and `join`: a list for each character, or a separator for each item, of a text put together just before. */
export function guardSplit(node: ASTNode): void {
  const checked = node as ASTNode & {
    handle?: (args: readonly unknown[], ...rest: unknown[]) => unknown;
  };
  const call = checked.handle;
  if (call === undefined) throw new Error('cel-js: a checked call has no handler');
  checked.handle = (args, ...rest) => {
    const [whole, separator] = args;
    const items = Array.isArray(whole) ? whole.length : 1;
    const size = lengthOf(whole) + items * lengthOf(separator);
    if (size > mostSplit) throw new SizeError(node);
    return call(args, ...rest);
  };
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}
