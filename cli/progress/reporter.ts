import type { RunEvent } from '../../engine/run/events.ts';
import { eventLine } from './event-line.ts';

/** Shows a run's events to somebody. */
export interface Reporter {
  onEvent(event: RunEvent): void;
  close(): void;
}

/** Plain lines, one an event, for pipes and log files. */
export function plainReporter(write: (line: string) => void): Reporter {
  return {
    onEvent(event): void {
      const line = eventLine(event);
      if (line !== undefined) write(line);
    },
    close(): void {
      // Nothing is held open.
    },
  };
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
