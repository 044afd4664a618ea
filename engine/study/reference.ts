import type { Coordinates, Facts, Scalar } from '../contract/scalar.ts';
import type { TaskId } from '../plan/plan.ts';

/**
 * An output of a planned instance, as expressions see it: its entries are its facts. Where a task takes it as an input
 * it becomes an edge.
 */
export interface Reference extends ReadonlyMap<string, Scalar> {
  readonly from: TaskId;
  readonly output: string;
  /** The artifact type that the producer declares. */
  readonly type: string;
  readonly coordinates: Coordinates;
  readonly facts: Facts;
}

/** A data set, as expressions see it: its entries are its adapter's lists and facts. */
export interface DataReference extends ReadonlyMap<string, Scalar | readonly string[]> {
  readonly data: string;
  readonly facts: Facts;
}

type ReferenceFields = Pick<Reference, 'from' | 'output' | 'type' | 'coordinates' | 'facts'>;

/** For CEL, which tells types by their class. A `Map`, so that no fact's name reaches into a prototype. */
export class ReferenceValue extends Map<string, Scalar> implements Reference {
  readonly from: TaskId;
  readonly output: string;
  readonly type: string;
  readonly coordinates: Coordinates;
  readonly facts: Facts;

  constructor(fields: ReferenceFields) {
    super(Object.entries(fields.facts));
    this.from = fields.from;
    this.output = fields.output;
    this.type = fields.type;
    this.coordinates = fields.coordinates;
    this.facts = fields.facts;
  }
}

/** As `ReferenceValue`, for data sets. */
export class DataReferenceValue extends Map<string, Scalar | readonly string[]> implements DataReference {
  readonly data: string;
  readonly facts: Facts;

  constructor(fields: {
    readonly data: string;
    readonly lists: { readonly [list: string]: readonly string[] };
    readonly facts: Facts;
  }) {
    super([...Object.entries(fields.facts), ...Object.entries(fields.lists)]);
    this.data = fields.data;
    this.facts = fields.facts;
  }
}

export function isReference(value: unknown): value is Reference {
  return value instanceof ReferenceValue;
}

export function isDataReference(value: unknown): value is DataReference {
  return value instanceof DataReferenceValue;
}
