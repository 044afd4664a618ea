import { isDeepStrictEqual } from 'node:util';
import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';

/** One field of two actions that is not the same. */
export interface Difference {
  /** Dotted: `options.fraction`, `inputs.model`, `version`. */
  readonly field: string;
  readonly before: DifferingValue;
  readonly after: DifferingValue;
}

export interface DifferingValue {
  /** Undefined where the field is not there at all. */
  readonly value: Json | undefined;
  /** It is not in the key, because it is the default. */
  readonly isDefault: boolean;
  /** Of a digest, what people know it by. */
  readonly name: string | undefined;
}

export interface ComparisonAids {
  /** The kind's schema of options: a value equal to its default is not in the action, and is shown all the same. */
  readonly defaults: JsonSchema;
  /** Digest -> name. */
  readonly names: ReadonlyMap<string, string>;
}

/** Every leaf of two actions (as their canonical JSON parses) in which they differ, in the order of their fields. */
export function compareActions(
  before: JsonObject,
  after: JsonObject,
  aids: ComparisonAids,
): readonly Difference[] {
  const differences: Difference[] = [];
  compare([], before, after, (path, one, other) => {
    differences.push({
      field: path.join('.').replace(/\.(artifact|data)$/, ''),
      before: describe(path, one, aids),
      after: describe(path, other, aids),
    });
  });
  return differences;
}

function compare(
  path: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
  onDifference: (path: readonly string[], before: Json | undefined, after: Json | undefined) => void,
): void {
  if (isDeepStrictEqual(before, after)) return;
  const [one, other] = [membersOf(before), membersOf(after)];
  // An option that one side leaves at its default is one difference, however much it holds.
  if (one === undefined || other === undefined) {
    onDifference(path, before, after);
    return;
  }
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    compare([...path, name], one.get(name), other.get(name), onDifference);
  }
}

function membersOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function describe(path: readonly string[], value: Json | undefined, aids: ComparisonAids): DifferingValue {
  if (value === undefined && path[0] === 'options') {
    const fallback = defaultAt(aids.defaults, path.slice(1));
    return { value: fallback, isDefault: fallback !== undefined, name: undefined };
  }
  return { value, isDefault: false, name: typeof value === 'string' ? aids.names.get(value) : undefined };
}

function defaultAt(schema: JsonSchema, path: readonly string[]): Json | undefined {
  let at: Json | undefined = schema;
  for (const name of path) {
    const properties: Json | undefined = membersOf(at)?.get('properties');
    at = membersOf(properties)?.get(name);
  }
  return membersOf(at)?.get('default');
}
