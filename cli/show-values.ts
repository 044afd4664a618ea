import type { Json } from '../cache/json.ts';
import type { Difference, DifferingValue } from '../engine/run/compare-actions.ts';

/** Longer values than this stand on lines of their own. */
const shortValue = 34;
const digestShown = 12;

/** `0.1 -> 0.2` on one line, or one below the other where they are long; cut to the width around what differs. */
export function changeLines(change: Pick<Difference, 'field' | 'before' | 'after'>, width: number): string[] {
  const label = fieldName(change.field);
  const [before, after] = [shownValue(change.before), shownValue(change.after)];
  const one = `${label}  ${before} -> ${after}`;
  if (before.length <= shortValue && after.length <= shortValue && one.length <= width) return [one];
  const room = Math.max(20, width - 5);
  const [first, second] = excerpts(before, after, room);
  return [label, `     ${first}`, `  -> ${second}`];
}

/** A field as people say it. */
export function fieldName(field: string): string {
  const [top = '', ...rest] = field.split('.');
  switch (top) {
    case 'files':
      return `file ${rest.join('.')}`;
    case 'versions':
      return `version told by '${rest.join('.')}'`;
    case 'version':
      return 'version of the task kind';
    case 'smoke':
      return 'smoke run';
    default:
      return field;
  }
}

/** A value as people write it, with a word where it is only the default. */
export function shownValue({ value, isDefault }: DifferingValue): string {
  return isDefault ? `${shownJson(value)} (the default)` : shownJson(value);
}

function shownJson(value: Json | undefined): string {
  if (value === undefined) return '(none)';
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/^[0-9a-f]{64}$/.test(value)) return `${value.slice(0, digestShown)}…`;
  return value === '' ? "''" : value.replaceAll('\n', '⏎');
}

/** Both texts within a width, from shortly before the first character in which they differ. */
export function excerpts(before: string, after: string, width: number): readonly [string, string] {
  let same = 0;
  while (same < before.length && before[same] === after[same]) same += 1;
  const from = Math.max(before.length, after.length) <= width ? 0 : Math.max(0, same - Math.floor(width / 3));
  return [cut(before, from, width), cut(after, from, width)];
}

function cut(text: string, from: number, width: number): string {
  const start = from === 0 ? '' : '…';
  const rest = text.slice(from);
  const room = width - start.length;
  return start + (rest.length <= room ? rest : `${rest.slice(0, Math.max(1, room - 1))}…`);
}
