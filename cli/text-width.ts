import { stripVTControlCharacters } from 'node:util';

/** Code points that take two columns: East Asian wide and full-width ones, and pictures. */
const wide = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
] as const;

/** How many columns of a terminal a text takes. Escapes take none. */
export function textWidth(text: string): number {
  // Nearly every text there is: one column a character.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of stripVTControlCharacters(text)) width += characterWidth(character);
  return width;
}

/** A plain text (without escapes) in at most `columns`; what is too long ends in an ellipsis. */
export function clipped(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let width = 0;
  let kept = '';
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return columns < 1 ? '' : `${kept.trimEnd()}…`;
}

/** As `clipped`, but the middle goes: both ends of an address tell instances apart. */
export function clippedMiddle(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns < 5) return clipped(text, columns);
  const end = Array.from(text)
    .slice(-Math.floor((columns - 1) / 2))
    .join('');
  const start = clipped(text, columns - textWidth(end));
  return `${start}${clipped(end, columns - textWidth(start))}`;
}

/** The text, filled up with spaces to a width. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - textWidth(text)));
}

/** On one line and without anything a terminal would obey: what a task says may hold both. */
export function tame(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out
  return stripVTControlCharacters(text).replace(/[\x00-\x1f\x7f-\x9f]+/g, ' ');
}

function characterWidth(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  if (point < 0x300) return point < 0x20 ? 0 : 1;
  if (/^[\p{Mark}\p{Format}]$/u.test(character)) return 0;
  return wide.some(([from, to]) => point >= from && point <= to) ? 2 : 1;
}
