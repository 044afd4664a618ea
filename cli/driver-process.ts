import type { ProcessIdentity } from '../cache/process-identity.ts';

/** Who drives a run, for programs that read `--json`. */
export interface DriverProcess {
  readonly host: string;
  /** 0 for a driver that is to be a job and has not begun. */
  readonly pid: number;
  /** Of a cluster, where the driver works in one. */
  readonly job?: string;
}

export function driverProcess({ host, pid, job }: ProcessIdentity): DriverProcess {
  return { host, pid, ...(job === undefined ? {} : { job: job.id }) };
}
