import type { Coordinates } from '../../engine/contract/scalar.ts';
import { formatAddress } from '../../engine/plan/address.ts';
import { plural } from '../progress/duration.ts';
import type { Candidate } from './candidate.ts';

/** A task as addresses name it. */
export interface NamedTask {
  readonly name: string;
  readonly coordinates: Coordinates;
}

/** More than this many values nobody reads; what is typed narrows them down. */
const mostValues = 1000;

/** What the beginning of an address may become: a name or a group, then axis by axis the values that there are. */
export function completeAddress(tasks: readonly NamedTask[], current: string): readonly Candidate[] {
  const at = current.indexOf('@');
  return at === -1 ? names(tasks, current) : places(tasks, current, at);
}

function names(tasks: readonly NamedTask[], current: string): readonly Candidate[] {
  const slashed = current.replaceAll('.', '/');
  const counts = new Map<string, number>();
  const hasAxes = new Set<string>();
  for (const { name, coordinates } of tasks) {
    if (!name.startsWith(slashed)) continue;
    // A group up to the next slash, as folders are completed.
    const slash = name.indexOf('/', slashed.length);
    const shown = slash === -1 ? name : name.slice(0, slash + 1);
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
    if (slash === -1 && Object.keys(coordinates).length > 0) hasAxes.add(name);
  }
  return [...counts].flatMap(([value, count]): readonly Candidate[] => {
    const description = plural(count, 'task');
    return hasAxes.has(value) && value !== ''
      ? [
          { value, description },
          { value: `${value}@`, description: 'some of them' },
        ]
      : [{ value, description }];
  });
}

function places(tasks: readonly NamedTask[], current: string, at: number): readonly Candidate[] {
  const name = current.slice(0, at).replaceAll('.', '/');
  const said = current.slice(at + 1);
  const comma = said.lastIndexOf(',') + 1;
  const kept = current.slice(0, at + 1 + comma);
  const last = said.slice(comma);
  const places = said
    .slice(0, comma)
    .split(',')
    .filter((part) => part !== '');
  const axesSaid = new Set(places.map((part) => part.slice(0, part.indexOf('='))));
  const here = tasks.filter(
    (task) =>
      (task.name === name || task.name.startsWith(`${name}/`)) &&
      places.every((place) => placesOf(task).includes(place)),
  );
  const found = new Set<string>();
  for (const { coordinates } of here) {
    for (const [axis, value] of Object.entries(coordinates)) {
      if (axesSaid.has(axis)) continue;
      const part = last.includes('=') ? placeOf(axis, value) : `${axis}=`;
      if (part.startsWith(last)) found.add(part);
    }
    if (found.size >= mostValues) break;
  }
  return [...found].map((part) => ({ value: kept + part }));
}

function placesOf({ coordinates }: NamedTask): readonly string[] {
  return Object.entries(coordinates).map(([axis, value]) => placeOf(axis, value));
}

/** Written as in addresses. */
function placeOf(axis: string, value: Coordinates[string]): string {
  return formatAddress('', { [axis]: value }).slice(1);
}
