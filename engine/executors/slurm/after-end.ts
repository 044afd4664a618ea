import type { TaskFailure } from '../../run/events.ts';
import type { QueuedElement } from './queued-element.ts';
import { failureOfEnd, howEnded } from './job-states.ts';
import type { JobEnd } from './job-states.ts';

/** What becomes of an attempt whose job has ended by no fault of its own: a new job, given `longer`, `alone`, or the `same`. */
export type Again = 'longer' | 'alone' | 'same';

export type AfterEnd =
  | { readonly kind: 'again'; readonly how: Again; readonly why: string }
  | { readonly kind: 'failed'; readonly failure: TaskFailure };

/** Of an attempt whose job has ended without a result of it, which nobody in this run had asked for. */
export function afterEnd(
  end: JobEnd,
  attempt: { readonly element: QueuedElement; readonly part: number; readonly hasBegun: boolean },
): AfterEnd {
  const { element, part, hasBegun } = attempt;
  const how = howEnded(end);
  if (!hasBegun && element.parts > 1 && (how !== 'cancelled' || element.isEndedByUs)) {
    const why = `job ${end.id} ended (${end.state ?? 'unknown'}) before it came to this task`;
    return { kind: 'again', how: 'same', why };
  }
  // Whoever had submitted it may not want it any more; here it is still wanted.
  if (how === 'cancelled' && element.driver !== 'us')
    return { kind: 'again', how: 'same', why: `job ${end.id} of another run was cancelled` };
  if (how === 'time-limit') {
    const limit = `job ${end.id} came to its time limit`;
    if (element.isGuessed)
      return { kind: 'again', how: 'longer', why: `${limit}, which was guessed from what like tasks took` };
    if (part > 0) return { kind: 'again', how: 'alone', why: `${limit}, which this task shared with others` };
  }
  return { kind: 'failed', failure: failureOfEnd(end) };
}
