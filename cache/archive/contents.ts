import { parseDigest, parseTaskKey } from '../digest.ts';
import type { Digest, TaskKey } from '../digest.ts';
import type { Json, JsonObject } from '../json.ts';
import { openRecord, sealRecord } from '../sealed-record.ts';
import { archivedDataJson, archivedDataOf, isLine } from './archived-data.ts';
import type { ArchivedData } from './archived-data.ts';

/** The layout that this version writes and reads. */
const archiveFormat = 1;

/** What an archive says of itself, in `archive.json`. */
export interface ArchiveContents {
  readonly study: string;
  /** In the plan's order. Several may share a key. */
  readonly tasks: readonly ArchivedTask[];
  /** Blobs that its results name and that had been let go when it was made. */
  readonly lacking: readonly Digest[];
  /** Which data its results were made from. It is not in there itself. */
  readonly data: readonly ArchivedData[];
  /** What else is in it, beside blobs and results. */
  readonly files: readonly ArchivedFile[];
}

export interface ArchivedTask {
  /** Its address. */
  readonly task: string;
  readonly kind: string;
  readonly key: TaskKey;
}

export interface ArchivedFile {
  /** Within the archive's one folder. */
  readonly path: string;
  readonly size: number;
  readonly sha256: Digest;
}

export type DecodedContents =
  | { readonly kind: 'decoded'; readonly contents: ArchiveContents }
  | { readonly kind: 'newer-format'; readonly format: number }
  | { readonly kind: 'damaged' };

export function encodeContents({ study, tasks, lacking, data, files }: ArchiveContents): string {
  return sealRecord({
    format: archiveFormat,
    study,
    tasks: tasks.map(({ task, kind, key }) => ({ task, kind, key })),
    lacking,
    ...(data.length === 0 ? {} : { data: data.map(archivedDataJson) }),
    files: files.map(({ path, size, sha256 }) => ({ path, size, sha256 })),
  });
}

export function decodeContents(text: string): DecodedContents {
  const value = openRecord(text)?.value;
  if (!isObject(value)) return { kind: 'damaged' };
  const { format, study } = value;
  if (typeof format === 'number' && format > archiveFormat) return { kind: 'newer-format', format };
  const tasks = listOf(value['tasks'], taskOf);
  const lacking = listOf(value['lacking'], (item) =>
    typeof item === 'string' ? parseDigest(item) : undefined,
  );
  const data = listOf(value['data'] ?? [], archivedDataOf);
  const files = listOf(value['files'], fileOf);
  if (format !== archiveFormat || !isLine(study)) return { kind: 'damaged' };
  if (tasks === undefined || lacking === undefined) return { kind: 'damaged' };
  if (data === undefined || files === undefined) return { kind: 'damaged' };
  return { kind: 'decoded', contents: { study, tasks, lacking, data, files } };
}

function taskOf(item: Json): ArchivedTask | undefined {
  if (!isObject(item)) return undefined;
  const { task, kind } = item;
  const key = typeof item['key'] === 'string' ? parseTaskKey(item['key']) : undefined;
  if (!isLine(task) || !isLine(kind) || key === undefined) return undefined;
  return { task, kind, key };
}

function fileOf(item: Json): ArchivedFile | undefined {
  if (!isObject(item)) return undefined;
  const { path, size } = item;
  const sha256 = typeof item['sha256'] === 'string' ? parseDigest(item['sha256']) : undefined;
  if (typeof path !== 'string' || typeof size !== 'number' || sha256 === undefined) return undefined;
  return { path, size, sha256 };
}

/** Undefined where it is no list, or one of its items is none of these. */
function listOf<T>(value: Json | undefined, read: (item: Json) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = (value as readonly Json[]).map(read);
  return items.every((item) => item !== undefined) ? items : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
