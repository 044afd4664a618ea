import type { TaskFailure } from '../../run/events.ts';

/** How far a job is, whatever the version of Slurm calls it. */
export type Stage = 'waiting' | 'running' | 'ended';

const waiting = new Set([
  'PENDING',
  'REQUEUED',
  'REQUEUE_HOLD',
  'REQUEUE_FED',
  'SPECIAL_EXIT',
  'RESV_DEL_HOLD',
]);
const running = new Set([
  'RUNNING',
  'COMPLETING',
  'CONFIGURING',
  'SUSPENDED',
  'STOPPED',
  'SIGNALING',
  'STAGE_OUT',
  'RESIZING',
]);

/** A state that no version has had so far counts as running: it will come to one that is known. */
export function stageOf(state: string): Stage {
  if (waiting.has(state)) return 'waiting';
  return running.has(state) || !(state in ends) ? 'running' : 'ended';
}

export type End = 'lost' | 'time-limit' | 'out-of-memory' | 'cancelled' | 'exited';

const ends: { readonly [state: string]: End } = {
  COMPLETED: 'exited',
  FAILED: 'exited',
  PREEMPTED: 'lost',
  NODE_FAIL: 'lost',
  BOOT_FAIL: 'lost',
  LAUNCH_FAILED: 'lost',
  RECONFIG_FAIL: 'lost',
  REVOKED: 'lost',
  TIMEOUT: 'time-limit',
  DEADLINE: 'time-limit',
  OUT_OF_MEMORY: 'out-of-memory',
  CANCELLED: 'cancelled',
};

/** What is known of a job that has ended and whose worker said nothing of a result. */
export interface JobEnd {
  readonly id: string;
  /** Undefined where Slurm does not know the job any more. */
  readonly state: string | undefined;
  readonly reason: string;
  /** The worker was told to stop, by no wish of ours, and said so. */
  readonly wasStopped: boolean;
  /** A snapshot was published in this attempt: another one goes on there. */
  readonly saved: boolean;
  readonly peakBytes: number;
  readonly lastWords: string;
  /** The folder that it was to tell in, where its worker never said a word. */
  readonly unheardIn?: string | undefined;
  readonly ranMs: number;
}

/** Told to stop ahead of its limit, a worker has saved what it could and left by itself: that is the limit, too. */
export function howEnded({ state, wasStopped }: Pick<JobEnd, 'state' | 'wasStopped'>): End {
  const how = (state === undefined ? undefined : ends[state]) ?? 'lost';
  return how === 'exited' && wasStopped ? 'time-limit' : how;
}

/** Why it has no result. */
export function failureOfEnd(end: JobEnd): TaskFailure {
  const { id, state, saved, lastWords } = end;
  const words = lastWords === '' ? '' : `; it last wrote: ${lastWords.slice(-500)}`;
  if (state === undefined)
    return {
      class: 'lost',
      message: `Slurm knows nothing of job ${id} any more, and it left no result${words}`,
    };
  const reason = end.reason === '' || end.reason === 'None' ? '' : ` (${end.reason})`;
  switch (howEnded(end)) {
    case 'lost':
      return { class: 'lost', message: `job ${id} was ended by Slurm: ${state}${reason}` };
    case 'out-of-memory':
      return {
        class: 'out-of-memory',
        message: `job ${id} used more memory than its --mem allows; \`memory\` of its resources, or \`mem\` under \`slurm\` in the configuration, asks for more`,
        peakBytes: end.peakBytes,
      };
    case 'cancelled':
      // Somebody's will: submitting it again would be against it.
      return {
        class: 'task',
        message: `job ${id} was cancelled, and not by this run (scancel); a new run submits it again`,
      };
    case 'time-limit':
      return timeLimit(end);
    case 'exited':
      if (end.unheardIn !== undefined && lastWords === '')
        return {
          class: 'lost',
          message: `job ${id} ended without a word of its worker: ${state}${reason}; its node has to see ${end.unheardIn} and ${process.execPath}, as this host does`,
        };
      return {
        class: 'lost',
        message: `the worker of job ${id} ended before the task was done: ${state}${reason}${saved ? ', after a snapshot' : ''}${words}`,
      };
  }
}

/** With a snapshot the next job goes on where this one was; without, it would come no further. */
function timeLimit({ id, saved, ranMs }: JobEnd): TaskFailure {
  const message = `job ${id} came to its time limit`;
  if (saved) return { class: 'stopped', message: `${message}; what it has saved is gone on with` };
  return {
    class: 'timeout',
    message: `${message} without a snapshot; \`time\` under \`slurm\` in the configuration gives it longer`,
    afterMs: ranMs,
  };
}
