import type { GroupDeclaration, LeafDeclaration } from './declaration.ts';
import { entryOf } from './located.ts';
import type { Span } from './source.ts';

const mostSpans = 300;

/**
 * Which leaves something was reported about. They are not expanded, and what depends on them stays silent, so that one
 * mistake is one message. `all`: something was reported that any task might depend on.
 */
export function brokenLeaves(
  leaves: readonly LeafDeclaration[],
  spans: readonly Span[],
): ReadonlySet<LeafDeclaration> | 'all' {
  // So much is wrong that expanding would tell nothing new.
  if (spans.length > mostSpans) return 'all';
  const broken = new Set<LeafDeclaration>();
  for (const span of spans) {
    let placed = false;
    for (const leaf of leaves) {
      if (!isAbout(leaf, span)) continue;
      broken.add(leaf);
      placed = true;
    }
    if (!placed) return 'all';
  }
  return broken;
}

function isAbout(leaf: LeafDeclaration, span: Span): boolean {
  if (holds(leaf.node.span, span) || holds(leaf.key, span)) return true;
  for (let group: GroupDeclaration | undefined = leaf.parent; group !== undefined; group = group.parent) {
    const inner = entryOf(group.node, 'tasks')?.value.span;
    if (inner !== undefined && holds(inner, span)) continue;
    if (holds(group.node.span, span) || holds(group.key, span)) return true;
  }
  return false;
}

function holds(outer: Span, inner: Span): boolean {
  return outer.source === inner.source && outer.start <= inner.start && inner.start < outer.end;
}
