/** One element of an array, as the queue shows it. */
export interface QueueRow {
  /** `JOB_INDEX`. */
  readonly id: string;
  /** Slurm's word in capitals: PENDING, RUNNING, PREEMPTED, … */
  readonly state: string;
  /** Why it waits, or has ended. */
  readonly reason: string;
  readonly comment: string;
}

/** For `squeue --format`: fields whose meaning has been the same since Slurm 2. */
export const queueFormat = '%i|%T|%r|%k';

/**
 * Reads what `squeue --noheader --array --format=…` prints. Lines of another form are passed over: sites' plug-ins and
 * the libraries below them write to the same place.
 */
export function parseQueue(text: string): readonly QueueRow[] {
  return text.split('\n').flatMap((line) => {
    const match = /^\s*(\d+(?:_\d+)?)\|([A-Z_]+)\|([^|]*)\|(.*)$/.exec(line);
    if (match === null) return [];
    const [, id = '', state = '', reason = '', comment = ''] = match;
    return [{ id, state, reason, comment: comment.trim() }];
  });
}

/** Reads `sacct --parsable2 --noheader --format=JobID,State`: id -> state. `CANCELLED by 1000` is CANCELLED. */
export function parseAccounts(text: string): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  for (const line of text.split('\n')) {
    const match = /^(\d+(?:_\d+)?)\|([A-Z_]+)/.exec(line.trim());
    if (match !== null) states.set(match[1] ?? '', match[2] ?? '');
  }
  return states;
}

/** The job's number from `sbatch --parsable`, which also names the cluster where there are several: `123;tiger`. */
export function parseSubmitted(text: string): string | undefined {
  return /^(\d+)(?:;.*)?$/m.exec(text.trim())?.[1];
}

/** `MaxArraySize` of `scontrol show config`: one more than the highest index. */
export function parseArraySize(text: string): number | undefined {
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(text)?.[1]);
  return Number.isInteger(size) && size > 0 ? size : undefined;
}

/** `ClusterName` of `scontrol show config`. */
export function parseClusterName(text: string): string | undefined {
  return /^ClusterName\s*=\s*(\S+)/m.exec(text)?.[1];
}
