import type { Coordinates } from '../contract/scalar.ts';
import { nearest, suggest } from '../study/nearest.ts';

/** An address that names nothing, with what is the matter and what was probably meant. */
export interface NearMiss {
  readonly message: string;
  readonly hint?: string;
}

interface Named {
  readonly name: string;
  readonly coordinates: Coordinates;
}

/** How many values of an axis are written out. */
const mostValues = 12;

/** Of a text that is no address at all: without what shells and other tools would have in it. */
export function malformedAddress(text: string, tasks: readonly Named[]): Pick<NearMiss, 'hint'> {
  const form = 'an address is task@axis=value,axis=value, and a part of one means all that match';
  const bare = text
    .toLowerCase()
    .replace(/[^a-z0-9_/.].*$/, '')
    .replaceAll('.', '/');
  const best = bare === '' ? undefined : probablyMeant(bare, namesAndGroups(tasks))[0];
  return { hint: best === undefined ? form : `did you mean ${best}? ${form}` };
}

/** There is no task of this name. */
export function unknownName(name: string, places: string, tasks: readonly Named[]): NearMiss {
  const message = `there is no task '${name}'`;
  const names = namesAndGroups(tasks);
  const meant = probablyMeant(name, names);
  if (meant.length > 0)
    return { message, hint: `did you mean ${meant.map((each) => each + places).join(' or ')}?` };
  const hint = suggest(name, new Set(tasks.map((task) => task.name)));
  return { message, ...(hint === undefined ? {} : { hint }) };
}

/** Tasks of this name there are, but none at these coordinates. */
export function unknownPlace(
  name: string,
  coordinates: ReadonlyMap<string, string>,
  named: readonly Named[],
): NearMiss {
  for (const [axis, value] of coordinates) {
    const axes = new Set(named.flatMap((task) => Object.keys(task.coordinates)));
    if (!axes.has(axis)) {
      const hint = axes.size === 0 ? `it has none: write ${name}` : suggest(axis, axes);
      return { message: `'${name}' has no axis '${axis}'`, ...(hint === undefined ? {} : { hint }) };
    }
    const values = [
      ...new Set(named.flatMap(({ coordinates: at }) => (axis in at ? [String(at[axis])] : []))),
    ];
    if (values.includes(value)) continue;
    const message =
      value === '' ? `'${axis}' in the address has no value` : `'${name}' has no ${axis}=${value}`;
    const comma = value.includes('=') ? '; coordinates are separated by commas' : '';
    return { message, hint: `${valueHint(axis, value, values)}${comma}` };
  }
  const message = `'${name}' has no instance with these coordinates together`;
  const said = [...coordinates];
  const near = named.map((task) => ({
    task,
    same: said.filter(([axis, value]) => String(task.coordinates[axis]) === value).length,
  }));
  const best = near.toSorted((a, b) => b.same - a.same)[0]?.task;
  if (best === undefined) return { message };
  const at = Object.entries(best.coordinates).map(([axis, value]) => `${axis}=${String(value)}`);
  return { message, hint: `there is ${best.name}@${at.join(',')}` };
}

/** Another number is not the one that was meant: numbers are listed. */
function valueHint(axis: string, value: string, values: readonly string[]): string {
  const word = Number.isNaN(Number(value)) ? nearest(value, values) : undefined;
  if (word !== undefined) return `did you mean ${axis}=${word}?`;
  const more = values.length > mostValues ? `, … (${values.length} in all)` : '';
  return `there is ${axis}=${values.slice(0, mostValues).join(', ')}${more}`;
}

/** Tasks, and the groups that they are in. */
function namesAndGroups(tasks: readonly Named[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { name } of tasks) {
    names.add(name);
    for (let at = name.indexOf('/'); at !== -1; at = name.indexOf('/', at + 1)) names.add(name.slice(0, at));
  }
  return names;
}

/** Those inside groups go by their last name as well: `retrain` is probably `lrr/retrain`. */
function probablyMeant(name: string, names: ReadonlySet<string>): readonly string[] {
  const last = new Map<string, string[]>();
  for (const each of names) {
    const short = each.slice(each.lastIndexOf('/') + 1);
    last.set(short, [...(last.get(short) ?? []), each]);
  }
  const whole = nearest(name, names);
  if (whole !== undefined) return [whole];
  const wanted = name.slice(name.lastIndexOf('/') + 1);
  return last.get(wanted) ?? last.get(nearest(wanted, last.keys()) ?? '') ?? [];
}
