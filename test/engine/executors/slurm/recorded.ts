import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Slurm says of one job in JSON, whatever its version calls it. */
export interface SaidInJson {
  readonly id: string;
  readonly state: string;
  readonly comment: string;
}

/** Versions whose output was recorded by `scripts/slurm/record.sh`: what they printed, at one moment, in text and JSON. */
export const recordedVersions = ['22.05', '23.11', '24.11'] as const;
export type RecordedVersion = (typeof recordedVersions)[number];

export function recorded(version: RecordedVersion, name: string): string {
  return readFileSync(join(import.meta.dirname, '../../../fixtures/slurm', version, name), 'utf8');
}

/** A number: plain up to 23.02, and since then with a word on whether there is one. */
type Numeric = number | null | { readonly set: boolean; readonly number: number };

interface QueueJson {
  readonly jobs: readonly {
    readonly job_id: number;
    readonly array_job_id: Numeric;
    readonly array_task_id: Numeric;
    readonly array_task_string: string;
    readonly job_state: string | readonly string[];
    readonly comment: string;
  }[];
}

interface AccountsJson {
  readonly jobs: readonly {
    readonly array: { readonly job_id: number; readonly task_id: Numeric };
    readonly state: { readonly current: string | readonly string[] };
  }[];
}

/** `squeue --json`: elements of an array that wait are one entry there, as `2-5%2`. */
export function queueInJson(text: string): readonly SaidInJson[] {
  return (JSON.parse(text) as QueueJson).jobs.flatMap((job) => {
    const said = { state: wordOf(job.job_state), comment: job.comment };
    const array = numberOf(job.array_job_id) ?? 0;
    if (array === 0) return [{ ...said, id: String(job.job_id) }];
    const single = numberOf(job.array_task_id);
    const indices = single === undefined ? indicesOf(job.array_task_string) : [single];
    return indices.map((index) => ({ ...said, id: `${array}_${index}` }));
  });
}

/** `sacct --json`: a job that was put back into the queue is in it once more, the last time as it is now. */
export function accountsInJson(text: string): ReadonlyMap<string, string> {
  const states = new Map<string, string>();
  for (const { array, state } of (JSON.parse(text) as AccountsJson).jobs) {
    const index = numberOf(array.task_id);
    if (index !== undefined) states.set(`${array.job_id}_${index}`, wordOf(state.current));
  }
  return states;
}

function wordOf(state: string | readonly string[]): string {
  return typeof state === 'string' ? state : (state[0] ?? '');
}

function numberOf(value: Numeric): number | undefined {
  if (value === null || typeof value === 'number') return value ?? undefined;
  return value.set ? value.number : undefined;
}

function indicesOf(ranges: string): readonly number[] {
  const [list = ''] = ranges.split('%');
  return list.split(',').flatMap((range) => {
    const [first = 0, last = first] = range.split('-').map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
