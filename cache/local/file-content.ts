import type { Digest } from '../digest.ts';

/** What a file holds, found by reading it, and the inode that was read. */
export interface FileContent {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly inode: number;
}
