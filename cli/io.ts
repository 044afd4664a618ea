import colours from 'picocolors';

/** Where a command speaks. Results go to standard output, everything about the work to standard error. */
export interface Io {
  readonly out: NodeJS.WriteStream;
  readonly err: NodeJS.WriteStream;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function processIo(): Io {
  return { out: process.stdout, err: process.stderr, cwd: process.cwd(), env: process.env };
}

export function say(io: Io, line: string): void {
  io.out.write(`${line}\n`);
}

/** An error in one shape: what, then the way out. */
export function complain(io: Io, message: string, hint?: string): void {
  io.err.write(`${colours.red('error:')} ${message}\n`);
  if (hint !== undefined) io.err.write(`  ${colours.dim('way out:')} ${hint}\n`);
}

/** Rows of equal length as aligned columns. The first row may be a heading. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
