import type { TaskKey } from '../cache/digest.ts';
import { fingerprint } from '../cache/signatures/signature.ts';
import type { Store } from '../cache/store.ts';
import type { RecordedState, RecordedTask } from '../engine/run/recorded-tasks.ts';
import { colours, columns } from './io.ts';
import { ago } from './moment.ts';
import { originFields, originText } from './origin-text.ts';
import type { OriginFields } from './origin-text.ts';
import { formatBytes, formatDuration } from './progress/duration.ts';
import { failureText } from './progress/event-line.ts';
import { stateText } from './state-text.ts';

/** A task of a run, with what stands for its key. */
export interface TaskRow extends OriginFields {
  readonly task: string;
  readonly state: RecordedState;
  readonly key?: string;
  /** When its result was computed. */
  readonly computedAt?: string;
  readonly durationMs?: number;
  readonly files: number;
  readonly sizeBytes: number;
  /** Members that have signed its result, of those whose results are believed here. */
  readonly signedBy?: readonly string[];
  readonly failure?: RecordedTask['failure'];
}

/** One row a task; each reads its result and the manifests of what it made. */
export async function taskRows(store: Store, tasks: readonly RecordedTask[]): Promise<readonly TaskRow[]> {
  const rows: TaskRow[] = [];
  for (const { task, state, key, outputs, failure } of tasks) {
    const peeked = key === undefined ? undefined : store.actions.peek(key);
    const found = key === undefined || peeked !== undefined ? undefined : await store.actions.get(key);
    const result = found?.kind === 'found' ? found.result : peeked;
    let files = 0;
    let sizeBytes = 0;
    for (const digest of Object.values(result?.outputs ?? outputs)) {
      const read = await store.artifacts.manifest(digest);
      if (read.kind !== 'found') continue;
      files += read.manifest.files.length;
      for (const file of read.manifest.files) sizeBytes += file.size;
    }
    const signedBy = result === undefined ? [] : await signersOf(store, result.key);
    rows.push({
      task,
      state,
      ...(key === undefined ? {} : { key }),
      ...(result === undefined
        ? {}
        : { computedAt: result.provenance.startedAt, durationMs: result.provenance.durationMs }),
      files,
      sizeBytes,
      ...originFields(result && store.originOf?.(result.key)),
      ...(signedBy.length === 0 ? {} : { signedBy }),
      ...(failure === undefined || state !== 'failed' ? {} : { failure }),
    });
  }
  return rows;
}

async function signersOf({ signedRecords, signing }: Store, key: TaskKey): Promise<readonly string[]> {
  const records = (await signedRecords?.(key)) ?? [];
  const names = new Map(signing?.signers.map((signer) => [fingerprint(signer.key), signer.name]));
  return records.map((record) => names.get(record.fingerprint) ?? 'me');
}

export function taskTable(rows: readonly TaskRow[]): string {
  const isSigned = rows.some(({ signedBy }) => signedBy !== undefined);
  const isFetched = rows.some((row) => originText(row) !== undefined);
  const titles = [
    ...['state', 'task', 'took', 'size'],
    ...(isFetched ? ['from'] : []),
    ...(isSigned ? ['signed by'] : []),
    'computed',
  ];
  return columns([
    titles.map((title) => colours.dim(title)),
    ...rows.map(
      ({ task, state, durationMs, sizeBytes, files, computedAt, from, archive, signedBy, failure }) => [
        stateText(state),
        task,
        durationMs === undefined ? '' : formatDuration(durationMs),
        files === 0 ? '' : formatBytes(sizeBytes),
        ...(isFetched ? [from ?? archive ?? ''] : []),
        ...(isSigned ? [signedBy?.join(', ') ?? ''] : []),
        failure === undefined ? (computedAt === undefined ? '' : ago(computedAt)) : failureText(failure),
      ],
    ),
  ]);
}
