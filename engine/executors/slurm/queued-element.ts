import type { BatchFiles } from './batch-files.ts';

/** One element of an array in the queue, which its parts share. */
export interface QueuedElement {
  /** `JOB_INDEX`. */
  readonly id: string;
  readonly parts: number;
  readonly files: BatchFiles;
  /** Its time limit was only guessed. */
  readonly isGuessed: boolean;
  /** Who has submitted it: this run, one that has ended, or another that may still watch it, and whose it then is to end. */
  readonly driver: 'us' | 'gone' | 'another';
  /** This run has cancelled it, for one of its parts. */
  isEndedByUs: boolean;
}
