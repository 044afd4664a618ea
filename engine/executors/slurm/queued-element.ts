import type { BatchFiles } from './batch-files.ts';

/** One element of an array in the queue, which its parts share. */
export interface QueuedElement {
  /** `JOB_INDEX`. */
  readonly id: string;
  /** The name that the queue is asked for. */
  readonly name: string;
  readonly files: BatchFiles;
  readonly index: number;
  readonly parts: number;
  /** How many of the parts come after others, and begin unasked. */
  readonly followers: number;
  /** Its time limit was only guessed. */
  readonly isGuessed: boolean;
  /** Who has submitted it: this run, one that has ended, or another that may still watch it, and whose it then is to end. */
  readonly driver: 'us' | 'gone' | 'another';
  /** This run has cancelled it, for one of its parts. */
  isEndedByUs: boolean;
}

/** One of its parts, from 0, in the order in which it sees to them. */
export interface QueuedPart {
  readonly element: QueuedElement;
  readonly part: number;
}
