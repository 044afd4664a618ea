import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { digestOf } from '../../digest.ts';
import { hashFrom } from '../../local/hash-file.ts';
import { guarded } from '../../system-error.ts';
import { pieceBytes } from '../remote.ts';
import type { BlobUpload, RemoteCall, RemoteFailure } from '../remote.ts';
import { damagedHere, unreadable } from '../upload-failures.ts';
import { isSmall } from './write-small.ts';

export type Body = Uint8Array | BlobUpload;

/** Where it was not sent whole, the server lacks the end of it, and keeps none once the request is destroyed. */
export type SentBody = { readonly kind: 'sent' } | RemoteFailure;

/**
 * Sends a body while it is hashed, so that it is read once. The last byte is kept back until all of them are known to be right.
 * Throws what goes wrong on the way.
 */
export async function sendBody(request: ClientRequest, body: Body, call: RemoteCall): Promise<SentBody> {
  if (!('path' in body)) {
    request.end(body);
    return { kind: 'sent' };
  }
  if (isSmall(body.sizeBytes)) return await sendSmall(request, body, call);
  const opened = await guarded(body.path, async () => ({ file: await open(body.path, 'r') }));
  return 'file' in opened ? await sendFile(request, { ...body, ...opened }, call) : unreadable(opened.detail);
}

async function sendFile(
  request: ClientRequest,
  blob: BlobUpload & { readonly file: FileHandle },
  { onBytes, pace }: RemoteCall,
): Promise<SentBody> {
  await using file = blob.file;
  const { digest, sizeBytes } = blob;
  const last = Buffer.alloc(1);
  let readBytes = 0;
  const { digest: found } = await hashFrom(file, {
    consume: async (chunk) => {
      const isFirst = readBytes === 0;
      readBytes += chunk.byteLength;
      // More than was announced would be taken for another request.
      if (readBytes > sizeBytes) return;
      // The byte that was kept goes first; a copy, since the next one takes its place.
      const kept = isFirst ? Buffer.alloc(0) : Buffer.from(last);
      chunk.subarray(-1).forEach((byte) => (last[0] = byte));
      request.write(kept);
      const goes = chunk.subarray(0, -1);
      const stepBytes = pace === undefined ? chunk.byteLength : pieceBytes;
      for (let from = 0; from < goes.byteLength; from += stepBytes) {
        const piece = goes.subarray(from, from + stepBytes);
        await pace?.(piece.byteLength);
        await writeTo(request, piece);
        onBytes(piece.byteLength);
      }
    },
  });
  if (found !== digest) return damagedHere;
  request.end(readBytes === 0 ? '' : last);
  return { kind: 'sent' };
}

/** At one go, head and all, once it is known to be right: pieces would each be a packet, and a wait for one. */
async function sendSmall(
  request: ClientRequest,
  { path, digest, sizeBytes }: BlobUpload,
  { onBytes, pace }: RemoteCall,
): Promise<SentBody> {
  const read = await guarded(path, () => Promise.resolve({ bytes: readFileSync(path) }));
  if (!('bytes' in read)) return unreadable(read.detail);
  const { bytes } = read;
  if (bytes.byteLength !== sizeBytes || digestOf(bytes) !== digest) return damagedHere;
  await pace?.(sizeBytes);
  request.end(bytes);
  onBytes(sizeBytes);
  return { kind: 'sent' };
}

/** Resolves when the bytes have gone to the system; of a request that is destroyed before, nothing else would tell. */
function writeTo(request: ClientRequest, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const onClose = (): void => reject(new Error('the connection was closed'));
    request.once('close', onClose);
    request.write(bytes, (error) => {
      request.off('close', onClose);
      if (error) reject(error);
      else resolve();
    });
  });
}
