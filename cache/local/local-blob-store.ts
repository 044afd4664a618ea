import type { BlobStore } from '../blob-store.ts';
import type { FileCopier } from './copy-file.ts';
import { listBlobs } from './list-blobs.ts';
import { whileReadable } from './names-in.ts';
import { putBytes, putFile, putUnsynced } from './put-blob.ts';
import { copyBlob, hasBlob, readBlob } from './read-blob.ts';
import type { StoreFolder } from '../store.ts';

/** Blobs as read-only files, `cas/ab/abcd…`, on this machine's file systems. */
export function localBlobStore(folder: StoreFolder, copier: FileCopier): BlobStore {
  return {
    has: (digest) => hasBlob(folder, digest),
    putBytes: (bytes) => putBytes({ folder, copier }, bytes),
    putUnsynced: (bytes) => putUnsynced({ folder, copier }, bytes),
    putFile: (path) => putFile({ folder, copier }, path),
    read: (digest) => readBlob(folder, digest),
    copyTo: (digest, target) => copyBlob(folder, copier, { digest, target }),
    async *list() {
      for await (const { digest, sizeBytes } of whileReadable(listBlobs(folder))) yield { digest, sizeBytes };
    },
  };
}
