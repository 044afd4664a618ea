import type { PlannedTask } from '../../plan/plan.ts';
import type { JobWatch } from '../../run/attempt.ts';
import type { Job } from '../../worker/protocol.ts';
import type { SubmittedEnd } from './cluster-job.ts';

/** An attempt that is to become a job. */
export interface Pending {
  readonly task: PlannedTask;
  readonly job: Job;
  readonly watch: JobWatch;
  readonly end: (end: SubmittedEnd) => void;
}

/** Ends attempts that no job could be made of: nothing else would fare better. */
export function failAll(items: readonly Pending[], message: string): void {
  for (const { job, end } of items) {
    const failure = { class: 'machine', message } as const;
    end({ ending: { kind: 'failed', task: job.task, failure }, saved: false });
  }
}
