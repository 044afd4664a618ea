import type { RecordedState } from '../engine/run/recorded-tasks.ts';
import { colours } from './io.ts';

/** A task's state in its colour, the same wherever one is named. */
export function stateText(state: RecordedState): string {
  switch (state) {
    case 'cached':
      return colours.cyan(state);
    case 'done':
    case 'running':
      return colours.green(state);
    case 'failed':
      return colours.red(state);
    case 'blocked':
    case 'waiting':
      return colours.yellow(state);
    case 'pending':
      return colours.dim(state);
  }
}
