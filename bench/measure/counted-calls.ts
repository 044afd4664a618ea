import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/** Programs that are counted as they are called, and do what they always do. */
export interface CountedCalls {
  /** Goes before all others in PATH. */
  readonly dir: string;
  /** How often each was called since the last time this was asked. */
  take(): Readonly<Record<string, number>>;
}

export function countCalls(dir: string, programs: readonly string[]): CountedCalls {
  const calls = `${dir}/calls`;
  mkdirSync(dir, { recursive: true });
  for (const program of programs) {
    const path = execFileSync('which', [program], { encoding: 'utf8' }).trim();
    writeFileSync(`${dir}/${program}`, `#!/bin/sh\necho ${program} >> '${calls}'\nexec '${path}' "$@"\n`);
    chmodSync(`${dir}/${program}`, 0o755);
  }
  return {
    dir,
    take() {
      const lines = existsSync(calls) ? readFileSync(calls, 'utf8').split('\n') : [];
      rmSync(calls, { force: true });
      return Object.fromEntries(programs.map((name) => [name, lines.filter((line) => line === name).length]));
    },
  };
}
