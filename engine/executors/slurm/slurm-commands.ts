import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import {
  parseAccounts,
  parseArraySize,
  parseClusterName,
  parseQueue,
  parseSubmitted,
  queueFormat,
} from './queue-listing.ts';
import { parseTimes } from './parse-times.ts';
import type { QueueRow } from './queue-listing.ts';

/** What the programs of Slurm are asked for. Each answer may be that there is none: the controller may be away. */
export interface SlurmCommands {
  submit(options: readonly string[]): Promise<{ readonly jobId: string } | Refused>;
  /** All jobs of these names, also those that have ended lately. */
  queue(names: readonly string[]): Promise<readonly QueueRow[] | Refused>;
  /** How jobs ended that the queue has forgotten; empty where nobody keeps accounts. */
  accounts(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
  cancel(ids: readonly string[], only?: 'waiting'): Promise<void>;
  largestArray(): Promise<number>;
  /**
   * How long jobs may run at most, in minutes, by partition; that of the usual one also under the empty name. Those without
   * a limit, and those that are not known, are left out.
   */
  longestTimes(): Promise<ReadonlyMap<string, number>>;
  /** The state of a job, whoever's it is. */
  stateOf(id: string): Promise<{ readonly is: string } | 'not-there' | 'no-answer'>;
  /** The name of the cluster that is asked here. */
  clusterName(): Promise<string | undefined>;
}

export interface Refused {
  readonly kind: 'refused';
  /** In the program's own words. */
  readonly words: string;
}

/** Slurm's own clients give up after ten seconds or so; a file server that hangs does not. */
const timeoutMs = 60_000;
/** What every Slurm allows if not told otherwise. */
const usualArraySize = 1001;
/** Ids in one call: command lines have an end. */
const idsAtOnce = 500;

/** Whether this host has the programs of Slurm. */
export function hasSlurm(path: string | undefined): boolean {
  return (path ?? '').split(delimiter).some((dir) => dir !== '' && existsSync(join(dir, 'sbatch')));
}

export function slurmCommands(): SlurmCommands {
  return {
    async submit(options) {
      const ran = await run('sbatch', ['--parsable', ...options]);
      const jobId = ran.ok ? parseSubmitted(ran.stdout) : undefined;
      return jobId === undefined ? { kind: 'refused', words: ran.words } : { jobId };
    },
    async queue(names) {
      const ran = await run('squeue', [
        ...['--noheader', '--array', '--states=all', '--me'],
        ...[`--name=${names.join(',')}`, `--format=${queueFormat}`],
      ]);
      return ran.ok ? parseQueue(ran.stdout) : { kind: 'refused', words: ran.words };
    },
    async accounts(ids) {
      const list = `--jobs=${ids.slice(0, idsAtOnce).join(',')}`;
      const ran = await run('sacct', ['--noheader', '--parsable2', '-X', '--format=JobID,State', list]);
      return ran.ok ? parseAccounts(ran.stdout) : new Map<string, string>();
    },
    async cancel(ids, only) {
      for (let from = 0; from < ids.length; from += idsAtOnce) {
        const some = ids.slice(from, from + idsAtOnce);
        await run('scancel', [...(only === 'waiting' ? ['--state=PENDING'] : []), ...some]);
      }
    },
    async largestArray() {
      const ran = await run('scontrol', ['show', 'config']);
      return (ran.ok ? parseArraySize(ran.stdout) : undefined) ?? usualArraySize;
    },
    async longestTimes() {
      const ran = await run('sinfo', ['--noheader', '--format=%P|%l']);
      return ran.ok ? parseTimes(ran.stdout) : new Map<string, number>();
    },
    async stateOf(id) {
      // Of a single job that is not there squeue makes an error, as of a controller that is away. Of two it prints nothing.
      const list = ['--noheader', '--array', '--states=all', `--jobs=${id},${id}`];
      const ran = await run('squeue', [...list, `--format=${queueFormat}`]);
      if (!ran.ok) return 'no-answer';
      const row = parseQueue(ran.stdout).find((each) => each.id === id);
      return row === undefined ? 'not-there' : { is: row.state };
    },
    async clusterName() {
      const ran = await run('scontrol', ['show', 'config']);
      return ran.ok ? parseClusterName(ran.stdout) : undefined;
    },
  };
}

interface Ran {
  readonly ok: boolean;
  readonly stdout: string;
  readonly words: string;
}

/** By these, users have the programs leave jobs out, or wait for them; what a job is asked for (`SBATCH_…`) is theirs to say. */
const tastes = /^(SQUEUE|SACCT|SCANCEL)_|^SBATCH_(WAIT|ARRAY_INX)$/;

function run(program: string, args: readonly string[]): Promise<Ran> {
  const env = Object.fromEntries(
    Object.entries(outsideOfJobs(process.env)).filter(([name]) => !tastes.test(name)),
  );
  return new Promise((resolve) => {
    const options = { timeout: timeoutMs, maxBuffer: 1 << 28, env };
    execFile(program, args, options, (error, stdout, stderr) => {
      const said = stderr.trim().replaceAll(/\s*\n\s*/g, '; ');
      const words = said === '' ? (error?.message ?? '') : said;
      resolve({ ok: error === null, stdout, words });
    });
  });
}

/** What Slurm tells a job of itself would be taken for wishes by those that it submits. */
function outsideOfJobs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (env['SLURM_JOB_ID'] === undefined) return env;
  const kept = Object.entries(env).filter(([name]) => !name.startsWith('SLURM_') || name === 'SLURM_CONF');
  return Object.fromEntries(kept);
}
