import { relative } from 'node:path';
import pc from 'picocolors';
import type { Place } from '../plan/plan.ts';
import type { Diagnostic } from './diagnostic.ts';

export interface FormatOptions {
  readonly color: boolean;
  /** Paths are shown relative to this folder where they are inside it. */
  readonly cwd?: string;
}

/** Long lines are cut to a window around the caret. */
const widest = 140;

/**
 * What is wrong, for people: message, `file:line:column`, the line with a caret, the way out.
 *
 * @param sources text of each file, by absolute path
 */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
  options: FormatOptions,
): string {
  const paint = pc.createColors(options.color);
  const lines = new Map<string, readonly string[]>();
  const lineAt = ({ file, line }: Place): string | undefined => {
    let split = lines.get(file);
    if (split === undefined) {
      split = sources.get(file)?.split(/\r?\n/) ?? [];
      lines.set(file, split);
    }
    return split[line - 1];
  };
  const blocks = diagnostics.map((diagnostic) => formatOne(diagnostic, lineAt, paint, options));
  const count = `${diagnostics.length} ${diagnostics.length === 1 ? 'error' : 'errors'}`;
  return [...blocks, `${paint.bold(paint.red(count))}\n`].join('\n\n');
}

type Paint = ReturnType<typeof pc.createColors>;

function formatOne(
  diagnostic: Diagnostic,
  lineAt: (place: Place) => string | undefined,
  paint: Paint,
  { cwd }: FormatOptions,
): string {
  const { code, message, place, length, hint, related } = diagnostic;
  const numbers = [place, ...(related ?? []).map((one) => one.place)].map((one) => String(one.line).length);
  const margin = ' '.repeat(Math.max(...numbers));
  const bar = paint.blue('|');
  const at = (where: Place): string => `${shortPath(where.file, cwd)}:${where.line}:${where.column}`;
  const out = [
    `${paint.bold(paint.red('error'))}${paint.dim(`[${code}]`)}${paint.bold(`: ${clean(message)}`)}`,
    // Of a file that could not be read there is no place to show; the message names it.
    ...(lineAt(place) === undefined ? [] : [`${margin}${paint.blue('-->')} ${at(place)}`]),
  ];
  const excerpt = (where: Place, width: number, mark: '^' | '-', note: string): void => {
    const line = lineAt(where);
    if (line === undefined) return;
    const { text, caretAt, caretWidth } = cut(line, where.column - 1, width);
    const number = String(where.line).padStart(margin.length);
    const color = mark === '^' ? paint.red : paint.blue;
    out.push(`${margin} ${bar}`);
    out.push(`${paint.blue(number)} ${bar} ${text}`);
    out.push(
      `${margin} ${bar} ${' '.repeat(caretAt)}${color(mark.repeat(caretWidth))}${note === '' ? '' : ` ${color(note)}`}`,
    );
  };
  excerpt(place, length, '^', '');
  for (const one of related ?? []) {
    out.push(`${margin}${paint.blue(':::')} ${at(one.place)}`);
    excerpt(one.place, 1, '-', clean(one.note));
  }
  if (hint !== undefined) out.push(`${margin} ${paint.blue('=')} ${paint.bold('help')}: ${clean(hint)}`);
  return out.join('\n');
}

/** The line's window around the caret, tabs as spaces, with the caret's place in terminal columns. */
function cut(
  line: string,
  column: number,
  length: number,
): { readonly text: string; readonly caretAt: number; readonly caretWidth: number } {
  const from = column > widest - 20 ? column - 40 : 0;
  const lead = from > 0 ? '… ' : '';
  const shownPart = line.slice(from, from + widest);
  const text = `${lead}${visible(shownPart)}${line.length > from + widest ? ' …' : ''}`;
  const before = visible(line.slice(from, column));
  const under = visible(line.slice(column, Math.min(column + length, from + widest)));
  return { text, caretAt: lead.length + displayWidth(before), caretWidth: Math.max(1, displayWidth(under)) };
}

/** Control characters of a hostile file must not reach the terminal. */
function visible(text: string): string {
  return clean(text.replaceAll('\t', '  '));
}

function clean(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '\u{fffd}');
}

/** Terminal columns: wide East Asian characters and emoji take two, combining marks none. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/\p{Mn}/u.test(character)) continue;
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}

function shortPath(file: string, cwd: string | undefined): string {
  const path = relative(cwd ?? process.cwd(), file);
  return path.startsWith('..') || path === '' ? file : path;
}
