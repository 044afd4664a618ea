import { execFile } from 'node:child_process';
import { unusable } from './found-key.ts';
import type { Environment, FoundKey } from './found-key.ts';
import { lentKey } from './lent-keys.ts';

/** Time for somebody to touch a token, say. */
const mostMs = 60_000;

/** Runs the program that a profile names, through the shell. Neither what it says nor what it complains of is told on: it may hold secrets. */
export function keyFromProcess(
  command: string,
  { env, now, where }: { readonly env: Environment; readonly now: () => number; readonly where: string },
): Promise<FoundKey> {
  const options = { env: { ...env }, timeout: mostMs, maxBuffer: 1024 * 1024 };
  return new Promise((resolve) => {
    execFile('/bin/sh', ['-c', command], options, (error, said) => {
      if (error === null) resolve(lentKey(said, where, now()));
      else if (typeof error.code === 'number')
        resolve(unusable(`${where} ended with code ${error.code}: run it by hand`));
      else
        resolve(
          unusable(
            `${where} was ended, or could not be run (${error.signal ?? error.code ?? 'no code'}): run it by hand`,
          ),
        );
    });
  });
}
