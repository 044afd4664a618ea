import type { RecordedState } from '../engine/run/recorded-tasks.ts';
import { colours } from './io.ts';
import type { RunState } from './run-state.ts';

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

/** A run's state, likewise. */
export function runStateText(state: RunState): string {
  switch (state) {
    case 'running':
    case 'done':
      return colours.green(state);
    case 'failed':
    case 'machine':
    case 'killed':
      return colours.red(state);
    case 'queued':
    case 'interrupted':
    case 'unknown':
      return colours.yellow(state);
  }
}
