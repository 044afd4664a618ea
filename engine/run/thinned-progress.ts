import type { Clock } from '../../cache/clock.ts';
import type { TaskId } from '../plan/plan.ts';
import type { RunEvent } from './events.ts';

/** Of one task's reports of progress, at most one in this time is passed on; the last always is. */
const leastMs = 500;

export function thinnedProgress(clock: Clock, onEvent: (event: RunEvent) => void): (event: RunEvent) => void {
  const passedOn = new Map<TaskId, number>();
  return (event) => {
    if (event.kind === 'task-progress') {
      const now = clock.monotonicMs();
      const isLast = event.progress.done >= event.progress.of;
      if (!isLast && now - (passedOn.get(event.task) ?? -Infinity) < leastMs) return;
      passedOn.set(event.task, now);
    }
    onEvent(event);
  };
}
