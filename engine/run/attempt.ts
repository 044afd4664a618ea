import type { JobPlace, TaskOutput } from './events.ts';
import type { ProgressReport } from '../contract/task-context.ts';
import type { Ending } from '../worker/run-job.ts';

/** What the driver wants to hear while a job runs. */
export interface JobWatch {
  readonly timeoutMs: number | undefined;
  readonly stallMs: number | undefined;
  readonly onStarted: (started: {
    readonly pid: number;
    readonly job?: JobPlace;
    readonly slot: string;
    readonly resumed: boolean;
    readonly output: TaskOutput;
  }) => void;
  readonly onProgress: (progress: ProgressReport) => void;
  readonly onWarning: (message: string) => void;
}

/** How an attempt ended, and whether a snapshot was published in it. */
export interface AttemptEnd {
  readonly ending: Ending;
  readonly saved: boolean;
}
