import { stripVTControlCharacters } from 'node:util';
import { withoutPlaces } from './without-places.ts';
import type { Machine } from './without-places.ts';

const mostLines = 20;
const mostCharacters = 2_000;

/** The last lines of a log as plain text; undefined where it says nothing. Of a line that was written over, what stood at the end. */
export function logTail(log: string, machine: Machine): string | undefined {
  const lines = stripVTControlCharacters(log)
    .split('\n')
    .map((line) => line.split('\r').findLast((part) => part.trim() !== '') ?? '')
    .map((line) => line.trimEnd());
  const end = lines.findLastIndex((line) => line !== '') + 1;
  const last = lines.slice(Math.max(0, end - mostLines), end);
  const text = withoutPlaces(last.join('\n'), machine).replace(/^\n+/, '');
  return text === '' ? undefined : endOf(text);
}

/** As many whole lines as there is room for; of a single one that is too long, its end. */
function endOf(text: string): string {
  if (text.length <= mostCharacters) return text;
  const cut = text.slice(1 - mostCharacters);
  const line = cut.indexOf('\n') + 1;
  return line > 0 && line < cut.length ? cut.slice(line) : `…${cut}`;
}
