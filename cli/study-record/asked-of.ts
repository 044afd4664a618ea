import type { JsonObject } from '../../cache/json.ts';
import type { DataRecord } from '../../engine/contract/study-record.ts';
import type { Plan, PlannedTask } from '../../engine/plan/plan.ts';
import { withoutPlaces } from './without-places.ts';
import type { Machine } from './without-places.ts';

/** What tasks were asked to do, and with which data: without places of this machine, and equal answers once only. */
export class AskedOf {
  readonly #plan: Pick<Plan, 'data'>;
  readonly #machine: Machine;
  readonly #known = new Map<string, unknown>();

  constructor(plan: Pick<Plan, 'data'>, machine: Machine) {
    this.#plan = plan;
    this.#machine = machine;
  }

  options({ options }: Pick<PlannedTask, 'options'>): JsonObject {
    return this.#shared(options);
  }

  data({ inputs }: Pick<PlannedTask, 'inputs'>): readonly DataRecord[] {
    const sets = Object.entries(inputs).flatMap(([input, given]): readonly DataRecord[] => {
      const set = given.kind === 'data' ? this.#plan.data.get(given.data) : undefined;
      if (set === undefined) return [];
      const { name, adapter, options, facts } = set;
      return [{ input, name, adapter, options, facts }];
    });
    return this.#shared(sets);
  }

  #shared<T>(value: T): T {
    const written = JSON.stringify(value);
    const known = this.#known.get(written);
    if (known !== undefined) return known as T;
    const plain = withoutIn(value, this.#machine) as T;
    this.#known.set(written, plain);
    return plain;
  }
}

/** A value of JSON with each text in it freed of places; names of fields are the schema's and stay. */
function withoutIn(value: unknown, machine: Machine): unknown {
  if (typeof value === 'string') return withoutPlaces(value, machine);
  if (Array.isArray(value)) return value.map((item) => withoutIn(item, machine));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, withoutIn(own, machine)]));
}
