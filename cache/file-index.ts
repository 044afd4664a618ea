import type { Digest } from './digest.ts';
import type { StoreFailure } from './failures.ts';

/**
 * Content digests of files outside the store (data sets, programs), remembered by size, mtime and inode with git's
 * racy rule, so that a large data set is read once.
 */
export interface FileIndex {
  /** Digests of `paths` under `root`. Reads only files that are new or changed. */
  digests(request: FileIndexRequest): Promise<FileIndexResult>;
  /** Files of the index that were found damaged since this was asked last, and mended: what they knew was read again. */
  damaged(): readonly string[];
}

export interface FileIndexRequest {
  /** Absolute path of the folder. */
  readonly root: string;
  /** Relative, `/`-separated. */
  readonly paths: readonly string[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: {
    readonly files: number;
    readonly of: number;
    readonly readBytes: number;
  }) => void;
}

export type FileIndexResult =
  | { readonly kind: 'indexed'; readonly files: readonly IndexedFile[] }
  | { readonly kind: 'missing'; readonly path: string }
  | StoreFailure;

export interface IndexedFile {
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly sha256: Digest;
}
