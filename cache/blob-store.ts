import type { Digest } from './digest.ts';
import type { StoreFailure } from './failures.ts';

/** Bytes by digest. The invariant: a digest is absent, or its bytes are correct. */
export interface BlobStore {
  /** Whether the blob is there, by existence alone (no bytes are read). */
  has(digest: Digest): Promise<boolean>;
  /** Stores bytes. Storing what is there already only refreshes its time, so that gc keeps it. */
  putBytes(bytes: Uint8Array | string): Promise<PutResult>;
  /** As `putBytes`, but a power cut may damage or take them: for records that no result depends on. */
  putUnsynced(bytes: Uint8Array | string): Promise<PutResult>;
  /** Stores a file's content by reflink or copy (never a hard link), hashing while writing. */
  putFile(path: string): Promise<PutResult>;
  /** The verified bytes. A corrupt blob is moved aside and reported, never served. */
  read(digest: Digest): Promise<ReadResult>;
  /** Writes the verified bytes to a new file at `path` (which must not exist). */
  copyTo(digest: Digest, path: string): Promise<CopyResult>;
  /** Every digest present, in no particular order. */
  list(): AsyncIterable<{ readonly digest: Digest; readonly sizeBytes: number }>;
}

export type PutResult =
  { readonly kind: 'stored'; readonly digest: Digest; readonly sizeBytes: number } | StoreFailure;
export type ReadResult =
  { readonly kind: 'found'; readonly bytes: Uint8Array } | AbsentOrCorrupt | StoreFailure;
export type CopyResult =
  { readonly kind: 'copied'; readonly sizeBytes: number } | AbsentOrCorrupt | StoreFailure;

export type AbsentOrCorrupt =
  | { readonly kind: 'absent'; readonly digest: Digest }
  /** The bytes did not match their digest; they now lie at `movedTo`. */
  | { readonly kind: 'corrupt'; readonly digest: Digest; readonly movedTo: string };
