import type { Axis, Tuple } from './axis.ts';
import { compareTuples, tupleKey } from './axis.ts';

export interface Row {
  readonly tuple: Tuple;
}

/** A declaration's instances, found by their place on all axes or on some. Grows round by round in a repeat. */
export class Table<R extends Row> {
  readonly axes: readonly Axis[];
  readonly #rows: R[] = [];
  readonly #byKey = new Map<string, R>();
  /** How many rows `#byKey` knows: many tables are only walked. */
  #keyed = 0;
  readonly #indexes = new Map<string, { covered: number; readonly rows: Map<string, R[]> }>();

  constructor(axes: readonly Axis[]) {
    this.axes = axes;
  }

  add(row: R): void {
    this.#rows.push(row);
  }

  get size(): number {
    return this.#rows.length;
  }

  /** The row at a tuple's place on this table's axes. */
  at(tuple: Tuple): R | undefined {
    for (; this.#keyed < this.#rows.length; this.#keyed++) {
      const row = this.#rows[this.#keyed]!;
      this.#byKey.set(tupleKey(row.tuple, this.axes), row);
    }
    return this.#byKey.get(tupleKey(tuple, this.axes));
  }

  /** All rows that agree with a tuple on the axes that both have, in plan order. */
  matching(tuple: Tuple): readonly R[] {
    const shared = this.axes.filter((axis) => tuple.has(axis));
    if (shared.length === this.axes.length) {
      const row = this.at(tuple);
      return row === undefined ? [] : [row];
    }
    return this.#index(shared).get(tupleKey(tuple, shared)) ?? [];
  }

  sorted(): readonly R[] {
    const rows = this.#rows;
    const isSorted = rows.every(
      (row, at) => at === 0 || compareTuples(rows[at - 1]!.tuple, row.tuple, this.axes) <= 0,
    );
    return isSorted ? rows : [...rows].sort((a, b) => compareTuples(a.tuple, b.tuple, this.axes));
  }

  #index(shared: readonly Axis[]): ReadonlyMap<string, readonly R[]> {
    const name = shared.map((axis) => this.axes.indexOf(axis)).join(',');
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = { covered: 0, rows: new Map() };
      this.#indexes.set(name, index);
    }
    if (index.covered < this.#rows.length) {
      const touched = new Set<R[]>();
      for (const row of this.#rows.slice(index.covered)) {
        const key = tupleKey(row.tuple, shared);
        const bucket = index.rows.get(key) ?? [];
        if (bucket.length === 0) index.rows.set(key, bucket);
        bucket.push(row);
        touched.add(bucket);
      }
      for (const bucket of touched) bucket.sort((a, b) => compareTuples(a.tuple, b.tuple, this.axes));
      index.covered = this.#rows.length;
    }
    return index.rows;
  }
}
