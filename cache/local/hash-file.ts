import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from '../digest.ts';

const chunkBytes = 1024 * 1024;

/** What a file holds, found by reading it, and the inode that was read. */
export interface FileContent {
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly inode: number;
}

/** Hashes a file of any size with one small buffer. Throws system errors. */
export async function hashFile(path: string, signal?: AbortSignal): Promise<FileContent> {
  await using source = await open(path, 'r');
  return await hashFrom(source, { signal });
}

export interface HashOptions {
  /** Given each chunk in turn; the chunk is only valid until its promise resolves. */
  readonly consume?: (chunk: Uint8Array) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/** Hashes what an open file holds from its start, handing the bytes on. Throws system errors. */
export async function hashFrom(source: FileHandle, options: HashOptions): Promise<FileContent> {
  const { ino, size } = await source.stat();
  const buffer = Buffer.allocUnsafe(Math.max(1, Math.min(chunkBytes, size)));
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const { bytesRead } = await source.read(buffer, 0, buffer.byteLength, null);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    hash.update(chunk);
    await options.consume?.(chunk);
    sizeBytes += bytesRead;
  }
  return { digest: hash.digest('hex') as Digest, sizeBytes, inode: ino };
}
