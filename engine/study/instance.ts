import type { Coordinates, Scalar } from '../contract/scalar.ts';
import type { PlannedTask, TaskId } from '../plan/plan.ts';
import type { Axis, Tuple } from './axis.ts';
import type { LeafDeclaration, PoolDeclaration, TaskDeclaration } from './declaration.ts';
import type { Reference } from './reference.ts';
import { Table } from './table.ts';

export interface Instance {
  readonly tuple: Tuple;
  readonly id: TaskId;
  readonly task: PlannedTask;
  readonly outputs: ReadonlyMap<string, Reference>;
}

export interface PoolMember {
  readonly tuple: Tuple;
  readonly index: number;
  readonly model: Reference;
}

export interface PoolInstance {
  readonly tuple: Tuple;
  readonly members: readonly Reference[];
}

/** What has been expanded so far. */
export class Expanded {
  readonly #tasks = new Map<TaskDeclaration, Table<Instance>>();
  readonly #pools = new Map<PoolDeclaration, Table<PoolInstance>>();
  readonly #members = new Map<PoolDeclaration, Table<PoolMember>>();
  /** Leaves about which something was reported: what depends on them stays silent. */
  readonly broken: Set<LeafDeclaration> = new Set<LeafDeclaration>();
  readonly #axesOf: (leaf: LeafDeclaration) => readonly Axis[];

  constructor(axesOf: (leaf: LeafDeclaration) => readonly Axis[]) {
    this.#axesOf = axesOf;
  }

  instances(task: TaskDeclaration): Table<Instance> {
    return tableOf(this.#tasks, task, () => this.#axesOf(task));
  }

  pools(pool: PoolDeclaration): Table<PoolInstance> {
    return tableOf(this.#pools, pool, () => this.#axesOf(pool));
  }

  members(pool: PoolDeclaration): Table<PoolMember> {
    return tableOf(this.#members, pool, () => [...this.#axesOf(pool), pool.axis]);
  }

  addPool(pool: PoolDeclaration, tuple: Tuple, models: readonly Reference[]): void {
    this.pools(pool).add({ tuple, members: models });
    for (const [index, model] of models.entries()) {
      this.members(pool).add({ tuple: new Map([...tuple, [pool.axis, index]]), index, model });
    }
  }

  /** What `each` walks over. */
  walked(leaf: LeafDeclaration): Table<Instance | PoolMember> {
    return leaf.kind === 'pool' ? this.members(leaf) : this.instances(leaf);
  }
}

function tableOf<D, R extends { readonly tuple: Tuple }>(
  tables: Map<D, Table<R>>,
  declaration: D,
  axes: () => readonly Axis[],
): Table<R> {
  const known = tables.get(declaration);
  if (known !== undefined) return known;
  const table = new Table<R>(axes());
  tables.set(declaration, table);
  return table;
}

export function coordinatesOf(tuple: Tuple, axes: readonly Axis[]): Coordinates {
  const coordinates: { [axis: string]: Scalar } = {};
  for (const axis of axes) coordinates[axis.name] = tuple.get(axis)!;
  return coordinates;
}
