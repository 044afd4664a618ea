import { parseDigest } from '../digest.ts';
import type { Digest } from '../digest.ts';
import type { Json, JsonObject } from '../json.ts';

/** A data set, or a part of one, that results were made from: which one it was, without its files. */
export interface ArchivedData extends DataName {
  readonly digest: Digest;
  /** How many there were. */
  readonly files: number;
  readonly bytes: number;
}

/** What is said of data without a look at it. */
export interface DataName {
  /** As the study calls it. */
  readonly data: string;
  readonly part?: string | undefined;
  /** What reads it, and which version of that. */
  readonly adapter: string;
  readonly version: number;
  /** Less defaults. */
  readonly options: JsonObject;
}

export function dataNameJson({ data, part, adapter, version, options }: DataName): JsonObject {
  return { data, ...(part === undefined ? {} : { part }), adapter, version, options };
}

export function archivedDataJson(archived: ArchivedData): JsonObject {
  const { digest, files, bytes } = archived;
  return { ...dataNameJson(archived), digest, files, bytes };
}

/** Undefined where it is none. */
export function archivedDataOf(item: Json): ArchivedData | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const { data, part, adapter, version, options, files, bytes, digest: hash } = item as JsonObject;
  const digest = typeof hash === 'string' ? parseDigest(hash) : undefined;
  if (!isLine(data) || !isLine(adapter) || !(part === undefined || isLine(part))) return undefined;
  if (digest === undefined || !isCount(version) || !isCount(files) || !isCount(bytes)) return undefined;
  if (typeof options !== 'object' || options === null || Array.isArray(options)) return undefined;
  return {
    ...{ data, ...(part === undefined ? {} : { part }), adapter, version },
    ...{ options: options as JsonObject, digest, files, bytes },
  };
}

/** What is shown in a terminal: nothing in it moves a cursor. */
export function isLine(value: Json | undefined): value is string {
  return typeof value === 'string' && !/\p{Cc}/u.test(value);
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
