import type { RunFlags } from '../flags.ts';
import type { Io } from '../io.ts';

/** Whether a run is shown as a live picture. */
export function isPainted(flags: Pick<RunFlags, 'plain' | 'json'>, io: Io): boolean {
  return flags.json !== true && io.err.isTTY && io.env['TERM'] !== 'dumb' && flags.plain !== true;
}
