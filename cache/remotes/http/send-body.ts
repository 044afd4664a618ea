import { open } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { hashFrom } from '../../local/hash-file.ts';
import { pieceBytes } from '../remote.ts';
import type { BlobUpload, RemoteCall } from '../remote.ts';

export type Body = Uint8Array | BlobUpload;

/** `wrong-bytes`: the file is not what its digest says. The server lacks the end of it, and keeps none once the request is destroyed. */
export type SentBody = { readonly kind: 'sent' } | { readonly kind: 'wrong-bytes' };

/**
 * Sends a body while it is hashed, so that it is read once. The last byte is kept back until all of them are known to be right.
 * Throws what goes wrong on the way or with the file.
 */
export async function sendBody(
  request: ClientRequest,
  body: Body,
  { onBytes, pace }: RemoteCall,
): Promise<SentBody> {
  if (!('path' in body)) {
    request.end(body);
    return { kind: 'sent' };
  }
  const { path, digest, sizeBytes } = body;
  await using file = await open(path, 'r');
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
  if (found !== digest) return { kind: 'wrong-bytes' };
  request.end(readBytes === 0 ? '' : last);
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
