import type { Scalar } from '../contract/scalar.ts';
import type { Span } from './source.ts';

/**
 * One dimension of a study. `study` axes multiply only what they reach; the others are local: they have to be taken up
 * by `each` or gathered by `all`.
 */
export interface Axis {
  readonly kind: 'study' | 'matrix' | 'step' | 'pool';
  readonly name: string;
  /** The task or group that brings it; empty for the study's own. */
  readonly owner: string;
  readonly span: Span;
  /** Known beforehand for `study` and `matrix`; steps and pool positions are found while expanding. */
  readonly values: readonly Scalar[];
  readonly positions: ReadonlyMap<Scalar, number>;
}

/** Where an instance stands on its axes. */
export type Tuple = ReadonlyMap<Axis, Scalar>;

export function createAxis(fields: Omit<Axis, 'positions'>): Axis {
  return { ...fields, positions: new Map(fields.values.map((value, position) => [value, position])) };
}

const rank = { study: 0, matrix: 1, step: 2, pool: 3 } as const;

/** Study axes, then matrices, steps and pools; by name within each, so that the order of keys in the file has no say. */
function compareAxes(a: Axis, b: Axis): number {
  return rank[a.kind] - rank[b.kind] || compareText(a.name, b.name) || compareText(a.owner, b.owner);
}

export function sortedAxes(axes: Iterable<Axis>): readonly Axis[] {
  return [...axes].sort(compareAxes);
}

/** Identifies a tuple's part on some axes. */
export function tupleKey(tuple: Tuple, axes: readonly Axis[]): string {
  let key = '';
  for (const axis of axes) {
    const value = tuple.get(axis);
    key += typeof value === 'string' ? `s${value}\u0000` : `${String(value)}\u0000`;
  }
  return key;
}

/** Order along the axes, outermost first, each by the order in which its values were listed. */
export function compareTuples(a: Tuple, b: Tuple, axes: readonly Axis[]): number {
  for (const axis of axes) {
    const difference = positionOf(axis, a.get(axis)) - positionOf(axis, b.get(axis));
    if (difference !== 0) return difference;
  }
  return 0;
}

function positionOf(axis: Axis, value: Scalar | undefined): number {
  if (value === undefined) return -1;
  return typeof value === 'number' && axis.positions.size === 0 ? value : (axis.positions.get(value) ?? -1);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
