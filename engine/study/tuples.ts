import type { Scalar } from '../contract/scalar.ts';
import type { Axis, Tuple } from './axis.ts';
import { tupleKey } from './axis.ts';
import type { GroupDeclaration, LeafDeclaration } from './declaration.ts';
import type { Expanded } from './instance.ts';
import type { Reach } from './reach.ts';
import type { Row, Table } from './table.ts';
import type { UseFinder } from './uses.ts';
import type { Failed } from './value.ts';
import { failed } from './value.ts';

/** The most instances that one task may have: beyond it something multiplies that should not. */
export const mostInstances = 200_000;

/** The round of a repeat that is being expanded. */
export interface Round {
  readonly step: number;
  /** Whether a place on the outer axes has a round with this number. */
  readonly runs: (tuple: Tuple) => boolean;
}

export interface TupleContext {
  readonly finder: UseFinder;
  readonly expanded: Expanded;
  readonly reachOf: (leaf: LeafDeclaration) => Reach;
  readonly rounds: ReadonlyMap<GroupDeclaration, Round>;
  /** Evaluates a group's `if`. */
  readonly enters: (group: GroupDeclaration, tuple: Tuple) => boolean | Failed;
}

/**
 * Where a leaf has instances, before its own `if`: study axes multiplied, then group by group from outside what `each`
 * takes up, matrices and the round at hand; last the leaf's own `each`, `per` and matrix.
 */
export function placesOf(
  leaf: LeafDeclaration,
  context: TupleContext,
): readonly Tuple[] | Failed | 'too-many' {
  const { finder, expanded, reachOf, rounds } = context;
  const reach = reachOf(leaf);
  let tuples: readonly Tuple[] | 'too-many' = [new Map()];
  for (const axis of reach.axes) if (axis.kind === 'study') tuples = multiply(tuples, axis, axis.values);
  for (const group of groupsAround(leaf)) {
    const each = finder.ofGroup(group).each?.declaration;
    if (each !== undefined && each.kind !== 'group') {
      if (expanded.broken.has(each)) return failed;
      tuples = join(tuples, expanded.walked(each));
    }
    for (const axis of group.matrix) tuples = multiply(tuples, axis, axis.values);
    const entered = filterEntering(tuples, group, context);
    if (entered === failed) return failed;
    tuples = entered;
    if (group.repeat === undefined) continue;
    const round = rounds.get(group);
    if (round === undefined) throw new Error(`no round of '${group.name}' is being expanded`);
    tuples = tuples === 'too-many' ? tuples : tuples.filter(round.runs);
    tuples = multiply(tuples, group.repeat.axis, [round.step]);
  }
  const each = finder.ofLeaf(leaf).each?.declaration;
  if (each !== undefined && each.kind !== 'group') {
    if (expanded.broken.has(each)) return failed;
    tuples = join(tuples, expanded.walked(each));
  }
  for (const axis of reach.per) {
    if (axis.kind === 'study') continue;
    const grouped = joinGathered(tuples, axis, leaf, context);
    if (grouped === failed) return failed;
    tuples = grouped;
  }
  for (const axis of leaf.matrix) tuples = multiply(tuples, axis, axis.values);
  return tuples;
}

/** From the outside in. */
export function groupsAround(leaf: LeafDeclaration | GroupDeclaration): readonly GroupDeclaration[] {
  const groups: GroupDeclaration[] = [];
  for (let at = leaf.parent; at !== undefined; at = at.parent) groups.unshift(at);
  return groups;
}

type Tuples = readonly Tuple[] | 'too-many';

function multiply(tuples: Tuples, axis: Axis, values: readonly Scalar[]): Tuples {
  if (tuples === 'too-many' || tuples.length * values.length > mostInstances) return 'too-many';
  if (tuples[0]?.has(axis) === true) return tuples;
  return tuples.flatMap((tuple) => values.map((value) => new Map([...tuple, [axis, value]])));
}

/** Natural join: each tuple with every row that agrees with it on the axes they share. */
function join(tuples: Tuples, table: Table<Row>): Tuples {
  if (tuples === 'too-many') return tuples;
  const joined: Tuple[] = [];
  for (const tuple of tuples) {
    for (const row of table.matching(tuple)) {
      if (joined.length >= mostInstances) return 'too-many';
      joined.push(new Map([...tuple, ...row.tuple]));
    }
  }
  return joined;
}

/** One instance for each value of a gathered task's axis that occurs there. */
function joinGathered(
  tuples: Tuples,
  axis: Axis,
  leaf: LeafDeclaration,
  { finder, expanded }: TupleContext,
): Tuples | Failed {
  if (tuples === 'too-many' || tuples[0]?.has(axis) === true) return tuples;
  const tables: Table<Row>[] = [];
  for (const { target } of finder.ofLeaf(leaf).uses) {
    const gathered =
      target.kind === 'gather' ? target.task : target.kind === 'gather-members' ? target.pool : undefined;
    if (gathered === undefined) continue;
    if (expanded.broken.has(gathered)) return failed;
    const table: Table<Row> = expanded.walked(gathered);
    if (table.axes.includes(axis)) tables.push(table);
  }
  const joined: Tuple[] = [];
  for (const tuple of tuples) {
    const seen = new Map<string, Tuple>();
    for (const table of tables) {
      for (const row of table.matching(tuple)) {
        const value = row.tuple.get(axis);
        if (value === undefined) continue;
        const extended = new Map([...tuple, [axis, value] as const]);
        seen.set(tupleKey(extended, [axis]), extended);
      }
    }
    if (joined.length + seen.size > mostInstances) return 'too-many';
    joined.push(...seen.values());
  }
  return joined;
}

function filterEntering(tuples: Tuples, group: GroupDeclaration, context: TupleContext): Tuples | Failed {
  if (tuples === 'too-many' || group.condition === undefined) return tuples;
  const entering: Tuple[] = [];
  for (const tuple of tuples) {
    const enters = context.enters(group, tuple);
    if (enters === failed) return failed;
    if (enters) entering.push(tuple);
  }
  return entering;
}
