import { createHash } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Digest } from '../../digest.ts';
import { SequentialWriter } from '../../local/sequential-writer.ts';
import { guarded } from '../../system-error.ts';
import { pieceBytes } from '../remote.ts';
import type { BlobDownload, DownloadedBlob, RemoteCall, RemoteFailure } from '../remote.ts';
import { batchesOf } from './batches.ts';

/** What goes to the disk at a time. */
const batchBytes = 1024 * 1024;

/** What a status means; undefined where the request went well. */
export function troubleOf(
  response: IncomingMessage,
  what: string,
): { readonly kind: 'absent' } | RemoteFailure | undefined {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return undefined;
  response.resume();
  if (status === 404 || status === 410) return { kind: 'absent' };
  const passes = status >= 500 || status === 408 || status === 429;
  return {
    kind: 'remote-failure',
    // No room there is no trouble that passes while we wait.
    reason: passes && status !== 507 ? 'failed' : 'refused',
    detail: `it answers ${what} with ${status} ${response.statusMessage ?? ''}`.trimEnd(),
  };
}

/** A body that is small. */
export async function readSmallBody(
  response: IncomingMessage,
  mostBytes: number,
  { onBytes }: RemoteCall,
): Promise<
  { readonly kind: 'read'; readonly bytes: Buffer } | { readonly kind: 'too-large' } | RemoteFailure
> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > mostBytes) return { kind: 'too-large' };
      onBytes(chunk.byteLength);
      chunks.push(chunk);
    }
  } catch (error) {
    return brokenBody(error);
  }
  return { kind: 'read', bytes: Buffer.concat(chunks) };
}

/** Writes a body to a new file while it is hashed. Nothing is left there unless all of it arrived. */
export async function writeBody(
  response: IncomingMessage,
  { path, mostBytes }: Pick<BlobDownload, 'path' | 'mostBytes'>,
  { onBytes, pace }: RemoteCall,
): Promise<DownloadedBlob> {
  const received = await guarded(path, async (): Promise<DownloadedBlob> => {
    await using file = await open(path, 'wx', 0o444);
    const writer = new SequentialWriter(file, true);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const batches = batchesOf(response, { bytes: pace === undefined ? batchBytes : pieceBytes, onBytes });
    for (let step = await nextOf(batches); step.done !== true; step = await nextOf(batches)) {
      if ('kind' in step) return step;
      sizeBytes += sizeOf(step.value);
      if (sizeBytes > mostBytes)
        return { kind: 'malformed', problem: `is longer than the ${mostBytes} bytes that it has to be` };
      const writing = writer.writeAll(step.value);
      for (const piece of step.value) hash.update(piece);
      await writing;
      await pace?.(sizeOf(step.value));
    }
    await writer.end();
    return { kind: 'received', digest: hash.digest('hex') as Digest, sizeBytes };
  });
  if (received.kind !== 'received') {
    response.destroy();
    await guarded(path, () => unlink(path));
  }
  return received;
}

/** What the network has broken off is the remote's failure; all else that is thrown is that of the disk. */
async function nextOf(
  batches: AsyncGenerator<readonly Buffer[]>,
): Promise<IteratorResult<readonly Buffer[], void> | (RemoteFailure & { readonly done: false })> {
  try {
    return (await batches.next()) as IteratorResult<readonly Buffer[], void>;
  } catch (error) {
    return { ...brokenBody(error), done: false };
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function brokenBody(error: unknown): RemoteFailure {
  const words = error instanceof Error ? error.message : String(error);
  return { kind: 'remote-failure', reason: 'failed', detail: `its answer broke off: ${words}` };
}
