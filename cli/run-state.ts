import type { RunRecord } from '../engine/run/journal.ts';

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
