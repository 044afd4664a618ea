import { createHash } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Digest } from '../../digest.ts';
import { SequentialWriter } from '../../local/sequential-writer.ts';
import { guarded } from '../../system-error.ts';
import type { BlobDownload, DownloadedBlob, RemoteCall, RemoteFailure } from '../remote.ts';

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
  { onBytes }: RemoteCall,
): Promise<DownloadedBlob> {
  const chunks = (response as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let broken: RemoteFailure | undefined;
  const next = (): Promise<IteratorResult<Buffer>> =>
    chunks.next().catch((error: unknown) => {
      broken = brokenBody(error);
      return { done: true, value: undefined };
    });
  const received = await guarded(path, async (): Promise<DownloadedBlob> => {
    await using file = await open(path, 'wx', 0o444);
    const writer = new SequentialWriter(file, true);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    for (let step = await next(); step.done !== true; step = await next()) {
      sizeBytes += step.value.byteLength;
      if (sizeBytes > mostBytes) {
        response.destroy();
        return { kind: 'malformed', problem: `is longer than the ${mostBytes} bytes that it has to be` };
      }
      const writing = writer.write(step.value);
      hash.update(step.value);
      await writing;
      onBytes(step.value.byteLength);
    }
    await writer.end();
    return broken ?? { kind: 'received', digest: hash.digest('hex') as Digest, sizeBytes };
  });
  if (received.kind !== 'received') {
    response.destroy();
    await guarded(path, () => unlink(path));
  }
  return received;
}

function brokenBody(error: unknown): RemoteFailure {
  const words = error instanceof Error ? error.message : String(error);
  return { kind: 'remote-failure', reason: 'failed', detail: `its answer broke off: ${words}` };
}
