import { spawn } from 'node:child_process';
import { fitting } from './io.ts';
import type { Io } from './io.ts';

/**
 * Prints a text, through the reader's pager ($PAGER, else `less`) where it is longer than their terminal. A pipe, a file
 * and `PAGER=` (or `PAGER=cat`) get it as it is.
 */
export async function page(io: Io, text: string): Promise<void> {
  const fitted = fitting(io.out, io.env, text);
  const pager = pagerFor(io, fitted);
  if (pager === undefined || !(await through(pager, fitted, io))) io.out.write(fitted);
}

function pagerFor(io: Io, text: string): string | undefined {
  if (!io.out.isTTY || io.env['TERM'] === 'dumb') return undefined;
  const pager = io.env['PAGER'] ?? 'less';
  if (pager === '' || pager === 'cat') return undefined;
  const rows = text.split('\n').reduce((sum, line) => sum + 1 + Math.floor(line.length / io.out.columns), 0);
  return rows < io.out.rows ? undefined : pager;
}

/** Whether the pager took it: one that is not there is no reason to show nothing. */
function through(pager: string, text: string, io: Io): Promise<boolean> {
  return new Promise((resolve) => {
    // F: leave at once where it fits; R: colours; X: leave the text on the screen.
    const env = { LESS: 'FRX', ...io.env };
    const child = spawn('/bin/sh', ['-c', pager], { stdio: ['pipe', 'inherit', 'inherit'], env });
    child.on('error', () => resolve(false));
    // Whoever has seen enough leaves before the end of the text.
    child.stdin.on('error', () => undefined);
    child.on('close', (code) => resolve(code !== 126 && code !== 127));
    child.stdin.end(text);
  });
}
