import { closeSync, open, writeFileSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { digestOf } from '../../digest.ts';
import { guarded } from '../../system-error.ts';
import { pieceBytes } from '../remote.ts';
import type { DownloadedBlob, RemoteCall } from '../remote.ts';

/** Whether so many bytes are better held in memory than written as they come. Not so where it is not known how many (NaN). */
export function isSmall(sizeBytes: number): boolean {
  return sizeBytes <= pieceBytes;
}

/**
 * Writes all bytes of a small blob to a new file. Making a file may take the disk, or a server, a while, so that is left to the thread pool; the
 * other calls are not, since the way there and back takes longer than they do. Nothing is left there unless all of it was written.
 */
export async function writeSmall(
  path: string,
  bytes: Uint8Array,
  { pace }: Pick<RemoteCall, 'pace'>,
): Promise<DownloadedBlob> {
  await pace?.(bytes.byteLength);
  const received = await guarded<DownloadedBlob>(path, async () => {
    const descriptor = await openNew(path, 'wx', 0o444);
    try {
      writeFileSync(descriptor, bytes);
    } finally {
      closeSync(descriptor);
    }
    return { kind: 'received', digest: digestOf(bytes), sizeBytes: bytes.byteLength };
  });
  if (received.kind !== 'received') await guarded(path, () => unlink(path));
  return received;
}

const openNew = promisify(open);
