import type { GroupDeclaration, LeafDeclaration } from './declaration.ts';
import type { Findings } from './findings.ts';
import { leavesOf } from './names.ts';
import type { Span } from './source.ts';
import type { UseFinder } from './uses.ts';
import { leavesBehind } from './uses.ts';

/** What is expanded in one go: a task, or a repeated group with its rounds. In order of dependence. */
export type Unit =
  | { readonly kind: 'leaf'; readonly leaf: LeafDeclaration }
  | { readonly kind: 'repeat'; readonly group: GroupDeclaration; readonly units: readonly Unit[] };

interface Dependence {
  readonly on: LeafDeclaration;
  readonly span: Span;
}

/** Puts tasks after what they refer to, otherwise in the file's order. Circles are reported, each with all its tasks. */
export function orderUnits(
  leaves: readonly LeafDeclaration[],
  finder: UseFinder,
  findings: Findings,
): readonly Unit[] {
  const dependences = new Map(leaves.map((leaf) => [leaf, dependencesOf(leaf, finder)]));
  return orderBlock(leaves, undefined, dependences, findings);
}

/** Everything a leaf waits for: its own references and those of the groups around it. */
function dependencesOf(leaf: LeafDeclaration, finder: UseFinder): readonly Dependence[] {
  const own = finder.ofLeaf(leaf);
  const found: Dependence[] = own.uses.flatMap((use) =>
    leavesBehind(use).map((on) => ({ on, span: use.span })),
  );
  const named = [own.each, ...own.needs];
  for (let group = leaf.parent; group !== undefined; group = group.parent) {
    const header = finder.ofGroup(group);
    for (const use of [...header.uses, ...header.from]) {
      found.push(...leavesBehind(use).map((on) => ({ on, span: use.span })));
    }
    const inner = group;
    const outside = header.until.flatMap((use) => leavesBehind(use).map((on) => ({ on, span: use.span })));
    found.push(...outside.filter(({ on }) => !isInside(on, inner)));
    named.push(header.each, ...header.needs);
  }
  for (const use of named) {
    if (use !== undefined) found.push(...leavesOf(use.declaration).map((on) => ({ on, span: use.span })));
  }
  return found;
}

export function isInside(leaf: LeafDeclaration, group: GroupDeclaration): boolean {
  for (let at = leaf.parent; at !== undefined; at = at.parent) if (at === group) return true;
  return false;
}

type Node = LeafDeclaration | GroupDeclaration;

function orderBlock(
  leaves: readonly LeafDeclaration[],
  block: GroupDeclaration | undefined,
  dependences: ReadonlyMap<LeafDeclaration, readonly Dependence[]>,
  findings: Findings,
): readonly Unit[] {
  const members = new Map<Node, LeafDeclaration[]>();
  for (const leaf of leaves) {
    const node = unitOf(leaf, block);
    const list = members.get(node);
    if (list === undefined) members.set(node, [leaf]);
    else list.push(leaf);
  }
  const edges = (node: Node): readonly { readonly to: Node; readonly span: Span }[] =>
    members.get(node)!.flatMap((leaf) =>
      dependences.get(leaf)!.flatMap(({ on, span }) => {
        const to = unitOf(on, block);
        if (!members.has(to)) return [];
        // Inside a repeated group the order is its own affair.
        return to === node && node.kind === 'group' ? [] : [{ to, span }];
      }),
    );
  return sortNodes([...members.keys()], edges, findings).map((node) =>
    node.kind === 'group'
      ? { kind: 'repeat', group: node, units: orderBlock(members.get(node)!, node, dependences, findings) }
      : { kind: 'leaf', leaf: node },
  );
}

/** The outermost repeated group below `block` that holds the leaf, or the leaf. */
function unitOf(leaf: LeafDeclaration, block: GroupDeclaration | undefined): Node {
  let unit: Node = leaf;
  for (let at = leaf.parent; at !== undefined && at !== block; at = at.parent) {
    if (at.repeat !== undefined) unit = at;
  }
  return unit;
}

/** Depth-first, with a stack of its own: chains of ten thousand tasks are in order. */
function sortNodes(
  nodes: readonly Node[],
  edgesOf: (node: Node) => readonly { readonly to: Node; readonly span: Span }[],
  findings: Findings,
): readonly Node[] {
  const sorted: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  for (const start of nodes) {
    if (state.has(start)) continue;
    const path = [{ node: start, edges: edgesOf(start), next: 0 }];
    state.set(start, 'open');
    while (path.length > 0) {
      const top = path[path.length - 1]!;
      const edge = top.edges[top.next++];
      if (edge === undefined) {
        state.set(top.node, 'done');
        sorted.push(top.node);
        path.pop();
        continue;
      }
      const seen = state.get(edge.to);
      if (seen === undefined) {
        state.set(edge.to, 'open');
        path.push({ node: edge.to, edges: edgesOf(edge.to), next: 0 });
      } else if (seen === 'open') {
        const first = path.findIndex((step) => step.node === edge.to);
        reportCycle([...path.slice(first).map((step) => step.node), edge.to], edge.span, findings);
      }
    }
  }
  return sorted;
}

function reportCycle(cycle: readonly Node[], span: Span, findings: Findings): void {
  const names = cycle.map((node) => node.name);
  // Dependence runs from a task to what it waits for; people read along the data.
  const shown = names.length > 12 ? [...names.slice(0, 6), '…', ...names.slice(-5)] : names;
  findings.report({
    code: 'cycle',
    span,
    message:
      names.length === 2
        ? `'${names[0]!}' waits for itself`
        : `these tasks wait for each other in a circle: ${shown.join(' -> ')}`,
    hint: 'take one of these references out; `repeat` with `previous` makes chains',
    related: cycle
      .slice(0, -1)
      .slice(0, 12)
      .map((node) => ({ span: node.key, note: `'${node.name}'` })),
  });
}
