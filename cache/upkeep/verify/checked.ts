/** What a file (or a snapshot's folder) of the store is. */
export type StorePart =
  | 'blob'
  | 'trashed blob'
  | 'result'
  | 'signed result'
  | 'index file'
  | 'claim'
  | 'snapshot'
  | 'pin'
  | 'stray file';

/** Something of the store that was read and checked. */
export interface Checked {
  readonly what: StorePart;
  readonly bytes: number;
  /** Undefined for what is as it should be. */
  readonly finding?: Finding;
}

export interface Finding {
  /** Where it lay. */
  readonly path: string;
  /** What is wrong, as the end of a sentence that begins with the path. */
  readonly problem: string;
  /** Where it lies now; absent where it was left alone, removed or mended. */
  readonly movedTo?: string;
  /** What follows from it, and what to do, if anything. */
  readonly wayOut: string;
}
