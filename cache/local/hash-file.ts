import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from '../digest.ts';
import type { FileContent } from './file-content.ts';
import { HashThreads } from './hash-threads.ts';

const chunkBytes = 1024 * 1024;

/** From this size on, hashing takes longer than starting a thread. */
const largeBytes = 64 * 1024 * 1024;
const threads = new HashThreads();

/**
 * Hashes a file of any size with small buffers; of several large ones at a time all but one on threads, as far as there
 * are cores. Throws system errors.
 */
export async function hashFile(path: string, signal?: AbortSignal): Promise<FileContent> {
  await using source = await open(path, 'r');
  const here = (): Promise<FileContent> => hashFrom(source, { signal });
  return (await source.stat()).size < largeBytes ? await here() : await threads.hash({ path, here, signal });
}

export interface HashOptions {
  /** Given each chunk in turn; the chunk is only valid until its promise resolves. */
  readonly consume?: (chunk: Uint8Array) => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Hashes what an open file holds from its start, handing the bytes on. While one chunk is hashed, the next is read and the
 * same is written by whoever takes it. Throws system errors.
 */
export async function hashFrom(source: FileHandle, options: HashOptions): Promise<FileContent> {
  const { ino, size } = await source.stat();
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of chunksOf(source, size)) {
    options.signal?.throwIfAborted();
    const consumed = options.consume?.(chunk);
    try {
      hash.update(chunk);
    } finally {
      await consumed;
    }
    sizeBytes += chunk.byteLength;
  }
  return { digest: hash.digest('hex') as Digest, sizeBytes, inode: ino };
}

/** The file's bytes in order, a chunk ahead being read. Each is only valid until the next is asked for. */
async function* chunksOf(source: FileHandle, size: number): AsyncGenerator<Uint8Array> {
  // A byte more than there should be: a small file is then known to have ended by the first read.
  const length = Math.min(chunkBytes, size + 1);
  const read = async (buffer: Buffer): Promise<Uint8Array> => {
    const { bytesRead } = await source.read(buffer, 0, length, null);
    return buffer.subarray(0, bytesRead);
  };
  let buffer: Buffer = Buffer.allocUnsafe(length);
  let spare: Buffer | undefined;
  let chunk = await read(buffer);
  let total = 0;
  while (chunk.byteLength > 0) {
    total += chunk.byteLength;
    if (chunk.byteLength < length && total === size) {
      yield chunk;
      return;
    }
    spare ??= Buffer.allocUnsafe(length);
    const ahead = read(spare);
    // Should nobody ask for it any more, its failure is nobody's business.
    ahead.catch(() => undefined);
    yield chunk;
    [buffer, spare] = [spare, buffer];
    chunk = await ahead;
  }
}
