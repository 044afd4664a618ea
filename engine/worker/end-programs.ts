import { setTimeout as delay } from 'node:timers/promises';
import { Programs } from './programs.ts';

/** SIGKILL is obeyed at once, but for a process that waits for a disk. */
const longestWaitMs = 5_000;
const lookMs = 10;

/**
 * Ends every process that works in a folder whose path begins so, or keeps its temporary files there, and all that such a
 * process has started meanwhile: nobody would take what they make. Resolves when none is left.
 */
export async function endProgramsIn(prefixes: readonly string[]): Promise<void> {
  const programs = new Programs(prefixes);
  const until = performance.now() + longestWaitMs;
  while (programs.living().length > 0 && performance.now() < until) {
    programs.kill();
    await delay(lookMs);
  }
}
