import type { Json, JsonObject } from '../../cache/json.ts';
import type { JsonSchema } from '../contract/json-schema.ts';
import { sameJson, withDefaults } from '../study/defaults.ts';

/** One field of two actions that is not the same. */
export interface Difference {
  /** As people read it: `options.recipe.epochs`, `inputs.model`, `inputs.scores@pool=3`, `files.train.py`, `version`. */
  readonly field: string;
  /** The same, as a path into the action; a member of a list of records is named by what tells it from the others. */
  readonly path: readonly string[];
  readonly before: DifferingValue;
  readonly after: DifferingValue;
}

export interface DifferingValue {
  /** Undefined where the field is not there at all. */
  readonly value: Json | undefined;
  /** It is not in the key, because it is the default. */
  readonly isDefault: boolean;
}

/**
 * Every leaf of two actions (as their canonical JSON parses) in which they differ, in the order of their fields.
 * `options` is the kind's schema: a value equal to its default is in no action, and is shown all the same.
 */
export function compareActions(
  before: JsonObject,
  after: JsonObject,
  options: JsonSchema,
): readonly Difference[] {
  const differences: Difference[] = [];
  const report =
    (absentIsDefault: (path: readonly string[]) => readonly [boolean, boolean]): OnDifference =>
    (path, one, other) => {
      const [first, second] = absentIsDefault(path);
      differences.push({
        field: fieldOf(path),
        path,
        before: { value: one, isDefault: one !== undefined && first },
        after: { value: other, isDefault: other !== undefined && second },
      });
    };
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [one, other] = [before[name], after[name]];
    if (sameJson(one, other)) continue;
    if (name === 'options' && isObject(one) && isObject(other)) {
      // What one of them leaves at its default is not in it: both are compared as the task sees them.
      const written = (path: readonly string[]): readonly [boolean, boolean] => [
        !isThere(one, path.slice(1)),
        !isThere(other, path.slice(1)),
      ];
      compare([name], withDefaults(options, one), withDefaults(options, other), report(written));
    } else
      compare(
        [name],
        one,
        other,
        report(() => [false, false]),
      );
  }
  return differences;
}

type OnDifference = (path: readonly string[], before: Json | undefined, after: Json | undefined) => void;

function compare(
  path: readonly string[],
  before: Json | undefined,
  after: Json | undefined,
  onDifference: OnDifference,
): void {
  if (sameJson(before, after)) return;
  if (before === undefined && isContainer(path, after)) before = emptyLike(after);
  if (after === undefined && isContainer(path, before)) after = emptyLike(before);
  const [one, other] = [membersOf(before), membersOf(after)];
  if (one === undefined || other === undefined || !isSameShape(before, after, one, other)) {
    onDifference(path, before, after);
    return;
  }
  const inner: Parameters<OnDifference>[] = [];
  for (const name of new Set([...one.keys(), ...other.keys()])) {
    compare([...path, name], one.get(name), other.get(name), (...difference) => inner.push(difference));
  }
  for (const difference of inner) onDifference(...difference);
  // The same members, in another order.
  if (inner.length === 0) onDifference([...path, 'order'], [...one.keys()], [...other.keys()]);
}

/** What only holds the fields that count: where it is missing on one side, each of them is. */
function isContainer(path: readonly string[], value: Json | undefined): boolean {
  const [top] = path;
  if (typeof value !== 'object' || value === null) return false;
  return top === 'identity' ? path.length <= 2 : top === 'inputs' && path.length === 2;
}

function emptyLike(value: Json | undefined): Json {
  return Array.isArray(value) ? [] : {};
}

/** Two plain lists that differ in length, or nearly everywhere, are told apart as a whole: place by place they say nothing. */
function isSameShape(
  before: Json | undefined,
  after: Json | undefined,
  one: ReadonlyMap<string, Json>,
  other: ReadonlyMap<string, Json>,
): boolean {
  if (Array.isArray(before) !== Array.isArray(after)) return false;
  if (!Array.isArray(before) || isNamedList(before) || isNamedList(after)) return true;
  const differing = [...one].filter(([place, value]) => !sameJson(value, other.get(place))).length;
  return one.size === other.size && (differing === 1 || differing * 2 <= one.size);
}

/** Members by name; those of a list of records (files, versions, what is gathered) by what each is about, others by place. */
function membersOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!isNamedList(value)) return new Map(Object.entries(value));
  return new Map(
    value.map((item) => {
      const [name, rest] = namedItem(item) ?? ['', item];
      return [name, rest];
    }),
  );
}

function isNamedList(value: Json | undefined): value is readonly Json[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  const names = value.map((item: Json) => namedItem(item)?.[0]);
  return !names.includes(undefined) && new Set(names).size === names.length;
}

/** What a record of a list is about, and what it says of it. */
function namedItem(item: Json): readonly [name: string, rest: Json] | undefined {
  if (!isObject(item)) return undefined;
  const { coordinates, path, argv, ...rest } = item;
  const [only] = Object.values(rest);
  if (isObject(coordinates)) return [placeName(coordinates), rest];
  if (only === undefined || Object.keys(rest).length !== 1) return undefined;
  if (typeof path === 'string') return [path, only];
  return Array.isArray(argv) ? [argv.join(' '), only] : undefined;
}

/** `seed=0,pool=3`, as in addresses. */
export function placeName(coordinates: JsonObject): string {
  return Object.entries(coordinates)
    .map(([axis, value]) => `${axis}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(',');
}

function fieldOf(path: readonly string[]): string {
  const [top = '', ...rest] = path;
  if (top === 'identity') return rest.join('.');
  if (top !== 'inputs') return path.join('.');
  const [input = '', form, ...inner] = rest;
  if (form !== 'gathered') return ['inputs', input].join('.');
  const [item, ...field] = inner;
  const place = item === undefined ? '' : item === 'order' ? '.order' : `@${item}`;
  const detail = field[0] === 'artifact' ? [] : field;
  return [`inputs.${input}${place}`, ...detail].join('.');
}

function isThere(value: Json, path: readonly string[]): boolean {
  let at: Json | undefined = value;
  for (const name of path) {
    if (typeof at !== 'object' || at === null) return at !== undefined;
    at = membersOf(at)?.get(name);
  }
  return at !== undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
