/** How jobs are submitted on this cluster. None of it is part of any key. */
export interface SlurmConfig {
  /** What a task's slot means here: a share of a node. */
  readonly slot: { readonly gpus: number; readonly cpus: number };
  readonly settings: JobSettings;
  /** By task kind; what it says goes before `settings`, flags come in addition. */
  readonly kinds: ReadonlyMap<string, JobSettings>;
  /**
   * Where tasks compute that take no slot, and by task kind, which goes before. Undefined: what only tells of results here, the
   * rest as jobs.
   */
  readonly light: LightPlace | undefined;
  readonly lightKinds: ReadonlyMap<string, LightPlace>;
  readonly pack: PackSettings;
  readonly limits: SlurmLimits;
  readonly driver: DriverSettings;
}

/** Of the job that holds the driver itself; account, partition and qos are those of all jobs if it does not say. */
export interface DriverSettings extends JobSettings {
  readonly cpus: number;
}

/** On the driver's own host, or as jobs like all others. */
export type LightPlace = 'here' | 'job';

/** How short tasks share jobs. */
export interface PackSettings {
  /** Of work in one job, at most; 0: every task has a job of its own. */
  readonly minutes: number;
}

/** Each is the value of the option of `sbatch` of the same name. */
export interface JobSettings {
  readonly time?: string;
  readonly mem?: string;
  readonly partition?: string;
  readonly account?: string;
  readonly qos?: string;
  readonly constraint?: string;
  /** Any other options, as `sbatch` takes them. */
  readonly flags?: readonly string[];
}

export interface SlurmLimits {
  /** Calls of `sbatch`; each submits as many tasks as an array holds. */
  readonly submissionsPerMinute: number;
  /** Tasks in the queue at a time, waiting and running. */
  readonly queued: number;
  /** Seconds between two calls of `squeue`. */
  readonly pollSeconds: number;
}

export const usualDriver: DriverSettings = { cpus: 1 };
export const usualPack: PackSettings = { minutes: 10 };
export const usualLimits: SlurmLimits = { submissionsPerMinute: 20, queued: 1000, pollSeconds: 10 };
