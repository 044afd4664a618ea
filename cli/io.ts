import { stripVTControlCharacters } from 'node:util';
import picocolors from 'picocolors';
import type { ErrorLine } from './error-line.ts';
import { padded, textWidth } from './text-width.ts';

/** Always colours; what is written where no colours belong loses them on the way out. */
export const colours: ReturnType<typeof picocolors.createColors> = picocolors.createColors(true);

/** Where a command speaks. Results go to standard output, everything about the work to standard error. */
export interface Io {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether a program reads the answer (`--json`): then what is said about the work is JSON too, an object a line. */
  readonly json?: boolean;
}

/** The process's own streams. What holds for every command is read off the arguments here, so that errors in them obey it. */
export function processIo(argv: readonly string[]): Io {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  const env = flags.includes('--no-color')
    ? { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
    : process.env;
  const json = flags.includes('--json');
  return { out: process.stdout, err: process.stderr, cwd: process.cwd(), env, json };
}

/** A line of results. */
export function say(io: Io, line: string): void {
  io.out.write(fitting(io.out, io.env, `${line}\n`));
}

/** A line about the work. */
export function tell(io: Io, line: string): void {
  if (io.json === true) tellJson(io, { kind: 'notice', message: stripVTControlCharacters(line).trim() });
  else io.err.write(fitting(io.err, io.env, `${line}\n`));
}

export function tellJson(io: Io, line: ErrorLine): void {
  io.err.write(`${JSON.stringify(line)}\n`);
}

/** The text as a stream should get it: each decides for itself, so that a file beside a terminal holds no escapes. */
export function fitting(stream: Io['out'], env: Io['env'], text: string): string {
  return showsColours(stream, env) ? text : stripVTControlCharacters(text);
}

/** See no-color.org and force-color.org. */
export function showsColours(stream: Io['out'], env: Io['env']): boolean {
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  if ((env['FORCE_COLOR'] ?? '') !== '') return env['FORCE_COLOR'] !== '0';
  return stream.isTTY && env['TERM'] !== 'dumb';
}

/** An error in one shape: what, then the way out. */
export function complain(io: Io, message: string, hint?: string): void {
  if (io.json === true) {
    tellJson(io, { kind: 'error', message, ...(hint === undefined ? {} : { hint }) });
    return;
  }
  tell(io, `${colours.red('error:')} ${message}`);
  if (hint !== undefined) tell(io, `  ${colours.dim('way out:')} ${hint}`);
}

/** Rows of equal length as aligned columns. The first row may be a heading. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, textWidth(cell))));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : padded(cell, widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
