import type { ProgressReport } from '../../engine/contract/task-context.ts';
import type { Counts } from '../progress/run-progress.ts';
import type { RunState } from '../run-state.ts';

/** What the page is told of a run: everything that it shows but the report. */
export interface UiState {
  readonly run: string;
  readonly study: string;
  readonly file: string;
  readonly state: RunState;
  readonly startedAt: string;
  /** When this was told, ISO 8601. */
  readonly at: string;
  /** Of the last event; undefined where there is none. */
  readonly lastAt: string | undefined;
  /** `about 3 min left`; empty where nothing is known or nothing left. */
  readonly left: string;
  readonly total: number;
  readonly counts: Counts;
  /** In plan order. */
  readonly names: readonly {
    readonly name: string;
    readonly total: number;
    readonly counts: Counts;
    readonly waitsFor: readonly string[];
  }[];
  /** Slots of the run, and `light` tasks, that compute now. */
  readonly slots: readonly UiSlot[];
  readonly failures: readonly {
    readonly task: string;
    readonly text: string;
    readonly lastWords: readonly string[];
  }[];
  /** The last events in words, the newest first. */
  readonly recent: readonly { readonly at: string; readonly text: string }[];
  /** Changes when there is more for a report to show; undefined where the study has none. */
  readonly report: string | undefined;
}

export interface UiSlot {
  readonly name: string;
  readonly task?: {
    readonly task: string;
    readonly startedAt: string;
    readonly resumed: boolean;
    readonly progress: ProgressReport | undefined;
  };
}
