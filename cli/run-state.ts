import type { RunRecord } from '../engine/run/journal.ts';

export type RunState =
  'queued' | 'running' | 'done' | 'failed' | 'machine' | 'interrupted' | 'killed' | 'unknown';

export const runStates: readonly RunState[] = [
  'queued',
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
 * knows here, unless it is a job: then its queue does, in which it may wait itself.
 */
export function runState({ outcome, driverLiveness, waits }: RunRecord): RunState {
  if (outcome !== undefined) return outcome;
  if (waits === true) return 'queued';
  switch (driverLiveness) {
    case 'alive':
      return 'running';
    case 'dead':
      return 'killed';
    case 'unknown':
      return 'unknown';
  }
}
