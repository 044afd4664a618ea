import type { RunRecord } from '../engine/run/journal.ts';

/** A run's state in one word. A run without an end whose driver is gone was killed. */
export function runState(record: RunRecord): string {
  return record.outcome ?? (record.live ? 'running' : 'killed');
}
