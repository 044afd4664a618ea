import type { ASTNode } from '@marcbachmann/cel-js';

/** A dotted name in an expression, `cut.model.sparsity`, as far as it can be read off without evaluating. */
export interface Chain {
  readonly segments: readonly Segment[];
  /** Inside `has(…)`: what is missing is an answer, not an error. */
  readonly lenient: boolean;
}

/** Offsets count from the expression's first character. */
export interface Segment {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

export interface Anatomy {
  readonly chains: readonly Chain[];
  /** Division and remainder nodes, which get their own rules. */
  readonly divisions: readonly ASTNode[];
  /** `map`, `filter` and the like. */
  readonly iterations: readonly ASTNode[];
  /** `split` and `join`. */
  readonly splits: readonly ASTNode[];
  /** It is more than one dotted name or constant. */
  readonly computes: boolean;
  readonly problem: { readonly message: string; readonly node: ASTNode } | undefined;
}

const splitting = new Set(['split', 'join']);
const iterating = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
/** Left out so that evaluation stays bounded, or because a plan must not depend on them. */
const refused = new Set(['matches', 'bind', 'timestamp', 'duration']);

/** What an expression refers to, and what in it needs care. */
export function dissect(root: ASTNode): Anatomy {
  const chains: Chain[] = [];
  const divisions: ASTNode[] = [];
  const iterations: ASTNode[] = [];
  const splits: ASTNode[] = [];
  let problem: Anatomy['problem'];

  const visit = (node: ASTNode, bound: ReadonlySet<string>, lenient: boolean): void => {
    switch (node.op) {
      case 'value':
        return;
      case 'id':
      case '.':
      case '[]': {
        const { segments, rest } = chainOf(node);
        if (segments !== undefined && !bound.has(segments[0]!.name)) chains.push({ segments, lenient });
        for (const part of rest) visit(part, bound, lenient);
        return;
      }
      case 'call':
      case 'rcall':
        call(node, bound, lenient);
        return;
      case 'map':
        for (const [key, value] of node.args) {
          visit(key, bound, lenient);
          visit(value, bound, lenient);
        }
        return;
      case '!_':
      case '-_':
        visit(node.args, bound, lenient);
        return;
      case '.?':
      case '[?]':
        problem ??= { message: 'optional access is not part of the study language', node };
        return;
      case '/':
      case '%':
        divisions.push(node);
        for (const part of node.args) visit(part, bound, lenient);
        return;
      default:
        for (const part of node.args) visit(part, bound, lenient);
    }
  };

  const call = (
    node: Extract<ASTNode, { op: 'call' | 'rcall' }>,
    bound: ReadonlySet<string>,
    lenient: boolean,
  ): void => {
    const name = node.args[0];
    const parts = node.op === 'rcall' ? [node.args[1], ...node.args[2]] : node.args[1];
    if (refused.has(name)) {
      problem ??= { message: `'${name}' is not part of the study language`, node };
      return;
    }
    const variable = parts[1];
    if (node.op === 'rcall' && iterating.has(name) && variable?.op === 'id') {
      iterations.push(node);
      // One level keeps the work linear in the list's length.
      if (bound.size > 0) problem ??= { message: `'${name}' inside another iteration`, node };
      visit(parts[0]!, bound, lenient);
      const inner = new Set([...bound, variable.args]);
      for (const part of parts.slice(2)) visit(part, inner, lenient);
      return;
    }
    if (node.op === 'rcall' && splitting.has(name)) splits.push(node);
    for (const part of parts) visit(part, bound, lenient || (node.op === 'call' && name === 'has'));
  };

  visit(root, new Set(), false);
  const computes = !['id', '.', '[]', 'value'].includes(root.op);
  return { chains, divisions, iterations, splits, computes, problem };
}

/** Reads `a.b["c"]` as a chain; what stands in its way (a computed index, a call) is handed back to be visited. */
function chainOf(node: ASTNode): {
  readonly segments: readonly Segment[] | undefined;
  readonly rest: readonly ASTNode[];
} {
  if (node.op === 'id')
    return { segments: [{ name: node.args, start: node.start, end: node.end }], rest: [] };
  if (node.op !== '.' && node.op !== '[]') return { segments: undefined, rest: [node] };
  const inner = chainOf(node.args[0]);
  const step = node.args[1];
  if (typeof step !== 'string' && !(step.op === 'value' && typeof step.args === 'string')) {
    return { segments: inner.segments, rest: [...inner.rest, step] };
  }
  if (inner.segments === undefined || inner.rest.length > 0) return inner;
  const segment =
    typeof step === 'string'
      ? { name: step, start: node.pos, end: node.end }
      : { name: step.args as string, start: step.start, end: step.end };
  return { segments: [...inner.segments, segment], rest: [] };
}
