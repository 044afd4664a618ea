import type { JobPlace, RunEvent, TaskFailure } from '../../engine/run/events.ts';
import { tame } from '../text-width.ts';
import { formatBytes, formatDuration, plural } from './duration.ts';

/** An event as one plain line for a pipe or a log; undefined for those that would only be noise there. */
export function eventLine(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'run-started':
      return `run ${event.run}: ${event.study}, ${plural(event.tasks, 'task')} ${slotsText(event.slots)}`;
    case 'data-indexed':
      return event.readBytes > 0
        ? `data ${event.data}${event.part === undefined ? '' : `/${event.part}`}: read ${plural(event.files, 'file')}, ${formatBytes(event.readBytes)}`
        : undefined;
    case 'task-cached':
      return `cached   ${event.task}`;
    case 'task-waiting':
      return `waiting  ${event.task}: being computed by ${event.owner}`;
    case 'task-started':
      return `started  ${event.task} on ${slotText(event)}${event.resumed ? ', resumed from its snapshot' : ''}${event.attempt > 1 ? `, attempt ${event.attempt}` : ''}`;
    case 'task-done':
      return `done     ${event.task} in ${formatDuration(event.durationMs)}`;
    case 'task-failed':
      return `failed   ${event.task}: ${failureText(event.failure)}${event.willRetry ? '; trying again' : ''}`;
    case 'task-blocked':
      return `blocked  ${event.task} by ${event.by}`;
    case 'slot-quarantined':
      return `slot ${event.slot} is left out: ${event.reason}`;
    case 'warning':
      return `warning: ${event.task === undefined ? '' : `${event.task}: `}${event.message}`;
    case 'draining':
      return drainingText(event.reason);
    case 'task-keyed':
    case 'task-progress':
    case 'run-finished':
      return undefined;
  }
}

/** Where the tasks of a run compute, after its number of tasks: a run through a cluster has no slots of its own. */
export function slotsText(slots: readonly string[]): string {
  return slots.length === 0 ? 'as jobs of a cluster' : `on ${slots.join(', ')}`;
}

/** The slot of a task; of a job, with the node and the partition that it was given. */
export function slotText({ slot, job }: { readonly slot: string; readonly job?: JobPlace }): string {
  if (job === undefined) return slot;
  return `${slot} (${[job.host, job.partition].filter((part) => part !== undefined).join(', ')})`;
}

export function drainingText(reason: 'interrupt' | 'machine' | 'fail-fast'): string {
  switch (reason) {
    case 'interrupt':
      return 'draining: what runs finishes, nothing new starts; Ctrl-C again stops it';
    case 'machine':
      return 'draining: this machine cannot go on; what runs finishes, nothing new starts';
    case 'fail-fast':
      return 'draining: a task failed, and --fail-fast is set; what runs finishes';
  }
}

/** Said at the second Ctrl-C, and at SIGTERM. */
export const stoppingText = 'stopping: what runs saves what it can and ends; its results so far are kept';

/** One line on why an attempt failed: the class, then the words. */
export function failureText(failure: TaskFailure): string {
  switch (failure.class) {
    case 'task':
    case 'machine':
    case 'remote':
    case 'data-changed':
    case 'stopped':
    case 'lost':
    case 'timeout':
    case 'stall':
      return `${failure.class}: ${failure.message}`;
    case 'out-of-memory':
      // 0: it went too fast to be seen.
      return failure.peakBytes === 0
        ? `out of memory: ${failure.message}`
        : `out of memory (peak ${formatBytes(failure.peakBytes)}): ${failure.message}`;
  }
}

/** How many lines of what a failed task wrote are shown with its failure. */
const wordsShown = 3;

/** The end of what a failed task had written, line by line: a program says why it failed there, and nowhere else. */
export function lastWords(failure: TaskFailure): readonly string[] {
  if (failure.class !== 'task' || failure.lastWords === undefined) return [];
  const lines = failure.lastWords.split('\n').map((line) => tame(line).trimEnd());
  return lines.filter((line) => line !== '').slice(-wordsShown);
}
