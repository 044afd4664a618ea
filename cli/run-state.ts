import type { RunRecord } from '../engine/run/journal.ts';
import { colours } from './io.ts';

export type RunState = 'running' | 'done' | 'failed' | 'machine' | 'interrupted' | 'killed' | 'unknown';

export const runStates: readonly RunState[] = [
  'running',
  'done',
  'failed',
  'machine',
  'interrupted',
  'killed',
  'unknown',
];

/**
 * A run's state in one word. A run without an end whose driver is gone was killed; of a driver on another machine nobody
 * knows here.
 */
export function runState({ outcome, driverLiveness }: RunRecord): RunState {
  if (outcome !== undefined) return outcome;
  switch (driverLiveness) {
    case 'alive':
      return 'running';
    case 'dead':
      return 'killed';
    case 'unknown':
      return 'unknown';
  }
}

/** The same in its colour. */
export function runStateText(state: RunState): string {
  switch (state) {
    case 'running':
    case 'done':
      return colours.green(state);
    case 'failed':
    case 'machine':
    case 'killed':
      return colours.red(state);
    case 'interrupted':
    case 'unknown':
      return colours.yellow(state);
  }
}
