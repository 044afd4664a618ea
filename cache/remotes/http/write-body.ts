import { createHash } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import type { Digest } from '../../digest.ts';
import { SequentialWriter } from '../../local/sequential-writer.ts';
import { guarded } from '../../system-error.ts';
import { pieceBytes } from '../remote.ts';
import type { BlobDownload, DownloadedBlob, RemoteCall } from '../remote.ts';
import { brokenBody, readSmallBody } from './answers.ts';
import { batchesOf } from './batches.ts';
import { isSmall, writeSmall } from './write-small.ts';

/** What goes to the disk at a time. */
const batchBytes = 1024 * 1024;

type Target = Pick<BlobDownload, 'path' | 'mostBytes'>;

/** Writes a body to a new file, and says what its bytes hash to. Nothing is left there unless all of it arrived. */
export async function writeBody(
  response: IncomingMessage,
  target: Target,
  call: RemoteCall,
): Promise<DownloadedBlob> {
  if (!isSmall(Number(response.headers['content-length']))) return await writeLarge(response, target, call);
  const body = await readSmallBody(response, target.mostBytes, call);
  if (body.kind === 'read') return await writeSmall(target.path, body.bytes, call);
  response.destroy();
  return body.kind === 'too-large' ? tooLong(target) : body;
}

/** As it comes, while it is hashed. */
async function writeLarge(
  response: IncomingMessage,
  target: Target,
  { onBytes, pace }: RemoteCall,
): Promise<DownloadedBlob> {
  const { path, mostBytes } = target;
  const received = await guarded(path, async (): Promise<DownloadedBlob> => {
    await using file = await open(path, 'wx', 0o444);
    const writer = new SequentialWriter(file, true);
    const hash = createHash('sha256');
    let sizeBytes = 0;
    const batches = batchesOf(response, { bytes: pace === undefined ? batchBytes : pieceBytes, onBytes });
    for (let step = await nextOf(batches); step.done !== true; step = await nextOf(batches)) {
      if ('kind' in step) return step;
      sizeBytes += sizeOf(step.value);
      if (sizeBytes > mostBytes) return tooLong(target);
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
): Promise<
  IteratorResult<readonly Buffer[], void> | (ReturnType<typeof brokenBody> & { readonly done: false })
> {
  try {
    return (await batches.next()) as IteratorResult<readonly Buffer[], void>;
  } catch (error) {
    return { ...brokenBody(error), done: false };
  }
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

function tooLong({ mostBytes }: Target): DownloadedBlob {
  return { kind: 'malformed', problem: `is longer than the ${mostBytes} bytes that it has to be` };
}
