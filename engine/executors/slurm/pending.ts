import type { PlannedTask } from '../../plan/plan.ts';
import type { JobWatch } from '../../run/attempt.ts';
import type { Job } from '../../worker/protocol.ts';
import type { SubmittedEnd } from './cluster-job.ts';

/** An attempt that is to become a job, or a part of one. */
export interface Pending {
  readonly task: PlannedTask;
  readonly job: Job;
  readonly watch: JobWatch;
  readonly end: (end: SubmittedEnd) => void;
  readonly tried: Tried;
}

/** What has become of it so far, without any fault of the task. */
export interface Tried {
  /** How often a limit was too short that nobody but us had set. */
  readonly longer: number;
  /** It is to have a job of its own. */
  readonly alone: boolean;
  /** How often its job has ended before it began. */
  readonly returned: number;
}

export const untried: Tried = { longer: 0, alone: false, returned: 0 };

/** Ends attempts that no job could be made of: nothing else would fare better. */
export function failAll(items: readonly Pending[], message: string): void {
  for (const { job, end } of items) {
    const failure = { class: 'machine', message } as const;
    end({ ending: { kind: 'failed', task: job.task, failure }, saved: false });
  }
}
