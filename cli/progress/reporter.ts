import type { RunEvent } from '../../engine/run/events.ts';

/** Shows a run's events to somebody. */
export interface Reporter {
  /** Whether what it said of failures stands right above what is said next. */
  readonly painted?: boolean;
  onEvent(event: RunEvent): void;
  /** The run has been told to stop: what is left may take as long as a snapshot does. */
  stopping?(): void;
  close(): void;
}

/** Every event as one line of JSON, for programs. */
export function jsonReporter(write: (line: string) => void): Reporter {
  return {
    onEvent(event): void {
      write(JSON.stringify(event));
    },
    close(): void {
      // Nothing is held open.
    },
  };
}
