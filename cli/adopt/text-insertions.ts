import { isNode } from 'yaml';

/** Text to be put into another, before the character at an offset. */
export interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** All else stays as it is. What goes to one place keeps its order. */
export function withInsertions(text: string, insertions: readonly Insertion[]): string {
  let written = '';
  let from = 0;
  for (const { at, text: inserted } of insertions.toSorted((a, b) => a.at - b.at)) {
    written += text.slice(from, at) + inserted;
    from = at;
  }
  return written + text.slice(from);
}

/** Where a node of a parsed document begins in its text. */
export function startOf(node: unknown): number {
  return (isNode(node) ? node.range?.[0] : undefined) ?? 0;
}

/** Where its value ends, before a comment. */
export function endOf(node: unknown): number {
  return (isNode(node) ? node.range?.[1] : undefined) ?? 0;
}

export function columnOf(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
