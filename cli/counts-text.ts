import type { RunCounts } from '../engine/run/events.ts';
import { colours } from './io.ts';

/** `40 done, 2 failed`: what there is of each, in the colours of the states. */
export function countsText({ cached, done, failed, blocked, notRun }: RunCounts): string {
  const parts: readonly (readonly [number, string, (text: string) => string])[] = [
    [failed, 'failed', colours.red],
    [blocked, 'blocked', colours.yellow],
    [cached, 'cached', colours.cyan],
    [done, 'done', colours.green],
    [notRun, 'not run', colours.dim],
  ];
  return parts
    .filter(([count]) => count > 0)
    .map(([count, word, paint]) => paint(`${count} ${word}`))
    .join(', ');
}
