import type { TaskTime } from '../../run/task-times.ts';
import type { Pending } from './pending.ts';

type Timed = Pick<Pending, 'task' | 'tried'>;

/** How long a job may run, where the configuration leaves that to us. */
export interface TimeLimit {
  /** Undefined: what the cluster gives. */
  readonly minutes: number | undefined;
  /** It follows from what like tasks took: a task that comes to it has done nothing wrong. */
  readonly isGuessed: boolean;
}

/** Of all that like tasks took, the longest time is multiplied by this. */
const margin = 4;
const leastMinutes = 15;
/** Each time that a guess was too short, the next is so many times as long. */
const growth = 4;
/** After so many guesses, the cluster's own limit is left to it. */
const guessesMade = 2;
/** From the start of a job to the task's own, and from the warning to the end. */
const besidesMinutes = 10;

/**
 * From the timeouts that the study sets, where all tasks of the job have one; else from the longest times that were measured
 * of their like; none where one of them was never measured. `longestMinutes`: what the partition allows at most.
 */
export function timeLimitOf(
  items: readonly Timed[],
  request: {
    readonly timeOf: (item: Timed) => TaskTime | undefined;
    readonly longestMinutes: number | undefined;
  },
): TimeLimit {
  const timeouts = items.map(({ task }) => task.timeoutMs);
  if (timeouts.every((each) => each !== undefined)) {
    const minutes = Math.ceil(sum(timeouts) / 60_000) + besidesMinutes;
    return { minutes: atMost(minutes, request.longestMinutes), isGuessed: false };
  }
  const times = items.map((item) => request.timeOf(item)?.longestMs);
  const tooShort = Math.max(0, ...items.map(({ tried }) => tried.longer));
  if (!times.every((each) => each !== undefined) || tooShort >= guessesMade) return noLimit;
  const minutes = (sum(times) * margin) / 60_000 + besidesMinutes;
  const guess = steppedUp(minutes) * growth ** tooShort;
  // What the partition allows is no guess any more.
  const { longestMinutes } = request;
  if (longestMinutes !== undefined && guess >= longestMinutes)
    return { minutes: longestMinutes, isGuessed: false };
  return { minutes: guess, isGuessed: true };
}

const noLimit: TimeLimit = { minutes: undefined, isGuessed: false };

/** In few steps, so that tasks which took about as long go into one array. */
function steppedUp(minutes: number): number {
  let step = leastMinutes;
  while (step < minutes) step *= 2;
  return step;
}

function atMost(minutes: number, most: number | undefined): number {
  return most === undefined ? minutes : Math.min(minutes, most);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
