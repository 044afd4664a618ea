import type { Coordinates } from '../contract/scalar.ts';
import { malformedAddress, unknownName, unknownPlace } from './near-misses.ts';
import type { Plan, PlannedTask, TaskId } from './plan.ts';
import { taskId } from './plan.ts';

/** `heatmaps@seed=0,method=grad-cam,pool=3`. Without brackets: shells expand them. */
export function formatAddress(name: string, coordinates: Coordinates): TaskId {
  let address = name;
  let separator = '@';
  for (const axis of Object.keys(coordinates)) {
    address += `${separator}${axis}=${encodeValue(String(coordinates[axis]))}`;
    separator = ',';
  }
  return taskId(address);
}

export interface Address {
  /** `lrr/retrain`; a group's name means all its tasks. */
  readonly name: string;
  /** As written; a number and its text are the same here. */
  readonly coordinates: ReadonlyMap<string, string>;
}

export type ParsedAddress =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'malformed'; readonly message: string };

/**
 * Reads a full or partial address; group names may be dotted or slashed. What completion leaves at its end (`lrr/`,
 * `heatmaps@`, `heatmaps@seed=0,`) does no harm.
 */
export function parseAddress(text: string): ParsedAddress {
  const at = text.indexOf('@');
  const name = (at === -1 ? text : text.slice(0, at)).replaceAll('.', '/').replace(/\/$/, '');
  if (!/^[a-z0-9_]+(\/[a-z0-9_]+)*$/.test(name)) {
    return { kind: 'malformed', message: `'${text}' is not an address` };
  }
  const coordinates = new Map<string, string>();
  const places = at === -1 ? '' : text.slice(at + 1).replace(/,$/, '');
  for (const part of places === '' ? [] : places.split(',')) {
    const equals = part.indexOf('=');
    const axis = part.slice(0, Math.max(0, equals));
    if (axis === '') {
      return { kind: 'malformed', message: `'${part}' in '${text}' is not axis=value` };
    }
    if (coordinates.has(axis)) return { kind: 'malformed', message: `'${text}' says '${axis}' twice` };
    coordinates.set(axis, decodeValue(part.slice(equals + 1)));
  }
  return { kind: 'address', address: { name, coordinates } };
}

export type AddressMatch<T extends Addressed = PlannedTask> =
  | { readonly kind: 'matched'; readonly tasks: readonly T[] }
  | { readonly kind: 'unmatched'; readonly message: string; readonly hint?: string };

/** What an address can name. */
export interface Addressed {
  readonly name: string;
  readonly coordinates: Coordinates;
}

/** Every instance of a plan that an address means, in plan order; with what was probably meant where there is none. */
export function matchTasks(plan: Plan, text: string): AddressMatch {
  return matchAddress([...plan.tasks.values()], text);
}

/** As `matchTasks`, for tasks that come from elsewhere than a plan. */
export function matchAddress<T extends Addressed>(tasks: readonly T[], text: string): AddressMatch<T> {
  const parsed = parseAddress(text);
  if (parsed.kind === 'malformed')
    return { kind: 'unmatched', message: parsed.message, ...malformedAddress(text, tasks) };
  const { name, coordinates } = parsed.address;
  const named = tasks.filter((task) => task.name === name || task.name.startsWith(`${name}/`));
  if (named.length === 0) {
    const places = text.includes('@') ? text.slice(text.indexOf('@')) : '';
    return { kind: 'unmatched', ...unknownName(name, places, tasks) };
  }
  const matched = named.filter((task) =>
    [...coordinates].every(
      ([axis, value]) => Object.hasOwn(task.coordinates, axis) && String(task.coordinates[axis]) === value,
    ),
  );
  return matched.length > 0
    ? { kind: 'matched', tasks: matched }
    : { kind: 'unmatched', ...unknownPlace(name, coordinates, named) };
}

/** Keeps an address free of what it or a shell gives a meaning. Letters of any script stay. */
function encodeValue(value: string): string {
  if (/^[A-Za-z0-9._+-]*$/.test(value)) return value;
  return value.replace(/[^\p{L}\p{N}._+-]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
      .join(''),
  );
}

function decodeValue(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    // A stray percent sign is itself.
    return value;
  }
}
