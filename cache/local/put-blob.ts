import type { PutResult } from '../blob-store.ts';
import { digestOf } from '../digest.ts';
import { guarded } from '../system-error.ts';
import { BlobBatch } from './blob-batch.ts';
import type { BlobInBatch } from './blob-batch.ts';
import type { FileCopier } from './copy-file.ts';
import { refreshBlob } from './refresh-blob.ts';
import { blobPath, folderPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { TemporaryFile } from './temporary-file.ts';

/** Where blobs are put, and how files are copied there. */
export interface BlobPlace {
  readonly folder: StoreFolder;
  readonly copier: FileCopier;
}

export function putBytes(place: BlobPlace, content: Uint8Array | string): Promise<PutResult> {
  return putOne(place, folderPath(place.folder, 'cas'), (batch) => batch.add(content));
}

export function putFile(place: BlobPlace, path: string): Promise<PutResult> {
  return putOne(place, path, (batch) => batch.addFile(path));
}

function putOne(
  { folder, copier }: BlobPlace,
  path: string,
  add: (batch: BlobBatch) => Promise<BlobInBatch>,
): Promise<PutResult> {
  return guarded(path, async () => {
    using batch = new BlobBatch(folder, copier);
    const blob = await add(batch);
    await batch.publish();
    return { kind: 'stored', ...blob };
  });
}

/**
 * Stores bytes without waiting for the disk. A power cut may take them, or leave an empty file: whoever reads that finds it
 * by its hash, and whoever stores them again by its size. For what no result is made of.
 */
export function putUnsynced({ folder }: BlobPlace, content: Uint8Array | string): Promise<PutResult> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const blob = { digest: digestOf(bytes), sizeBytes: bytes.byteLength };
  const target = blobPath(folder, blob.digest);
  return guarded(target, async () => {
    if (!(await refreshBlob(folder, blob))) {
      using file = await TemporaryFile.write(folder, folderPath(folder, 'tmp'), bytes);
      file.leaveUnsynced();
      await file.nameAs(target);
    }
    return { kind: 'stored', ...blob };
  });
}
