import type { Place } from '../plan/plan.ts';

/** One thing wrong with a study. All of a file's are collected and shown together. */
export interface Diagnostic {
  /** Stable and searchable, e.g. `unknown-task`, `cycle`, `missing-data`. */
  readonly code: string;
  readonly message: string;
  readonly place: Place;
  /** How many columns the caret underlines; at least 1. */
  readonly length: number;
  /** The way out, e.g. `did you mean 'dense'?` */
  readonly hint?: string;
  /** Further places that matter, each with a note. */
  readonly related?: readonly { readonly place: Place; readonly note: string }[];
}
