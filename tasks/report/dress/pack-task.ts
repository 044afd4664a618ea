import type { ResultRecord, TaskRecord } from '../../../engine/contract/study-record.ts';

/** One task's record in few bytes: of 3,000 tasks, the digests alone are 190 kB. Null for what it has not. */
export interface PackedTask extends Pick<TaskRecord, 'address' | 'name' | 'kind' | 'coordinates' | 'facts'> {
  /** How far before it stands what it reads. */
  readonly reads: readonly number[];
  /** With U+0000 for its address. */
  readonly command: string;
  /** Digests in base64 without padding. */
  readonly key: string | null;
  readonly outputs: { readonly [output: string]: string } | null;
  readonly madeBy: ResultRecord['madeBy'] | null;
  readonly startedMs: number | null;
  readonly durationMs: number | null;
  readonly deviceClass: string | null;
  readonly backend: string | null;
  readonly versions: ResultRecord['versions'] | null;
  readonly peakMiB: number | null;
  readonly log: number | null;
}

export function packTask(task: TaskRecord, place: number, log: number | undefined): PackedTask {
  const { address, name, kind, coordinates, facts, reads, command, result } = task;
  const outputs = result && Object.entries(result.outputs).map(([output, digest]) => [output, short(digest)]);
  const peak = result?.peakMemoryBytes;
  return {
    ...{ address, name, kind, coordinates, facts },
    reads: reads.map((read) => place - read),
    command: command.replaceAll(address, '\0'),
    key: result ? short(result.key) : null,
    outputs: outputs ? (Object.fromEntries(outputs) as { readonly [output: string]: string }) : null,
    madeBy: result?.madeBy ?? null,
    startedMs: result ? finite(Date.parse(result.startedAt)) : null,
    durationMs: result?.durationMs ?? null,
    deviceClass: result?.deviceClass ?? null,
    backend: result?.backend ?? null,
    versions: result?.versions ?? null,
    peakMiB: peak === undefined ? null : Math.round(peak / 2 ** 20),
    log: log ?? null,
  };
}

function short(digest: string): string {
  return Buffer.from(digest, 'hex').toString('base64').replaceAll('=', '');
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
