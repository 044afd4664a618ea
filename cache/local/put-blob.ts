import { readFile, stat, utimes } from 'node:fs/promises';
import type { PutResult } from '../blob-store.ts';
import { digestOf } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { errorCode, guarded } from '../system-error.ts';
import type { FileCopier } from './copy-file.ts';
import { moveAside } from './quarantine.ts';
import { blobPath, folderPath, randomName } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { TemporaryFile, temporaryPrefix } from './temporary-file.ts';

/** Up to this size a file is read whole: hashing it first costs nothing, and often saves the writing. */
const smallBytes = 1024 * 1024;
/** A colleague's blob that was touched this recently need not be written again to look fresh. */
const freshMs = 60 * 60 * 1000;

export function putBytes(folder: StoreFolder, content: Uint8Array | string): Promise<PutResult> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const sizeBytes = bytes.byteLength;
  const digest = digestOf(bytes);
  const target = blobPath(folder, digest);
  return guarded(target, async () => {
    if (await refresh(folder, digest, sizeBytes)) return { kind: 'stored', digest, sizeBytes };
    await using temporary = await TemporaryFile.create(folder, folderPath(folder, 'tmp'));
    await temporary.handle.writeFile(bytes);
    await temporary.sync();
    await temporary.renameTo(target);
    return { kind: 'stored', digest, sizeBytes };
  });
}

export function putFile(folder: StoreFolder, copier: FileCopier, path: string): Promise<PutResult> {
  return guarded(path, async () => {
    if ((await stat(path)).size <= smallBytes) return await putBytes(folder, await readFile(path));
    const copy = `${folderPath(folder, 'tmp')}/${randomName(temporaryPrefix)}`;
    const { digest, sizeBytes } = await copier.copy({ source: path, target: copy, mode: 0o444 });
    await using temporary = await TemporaryFile.adopt(folder, copy);
    if (await refresh(folder, digest, sizeBytes)) return { kind: 'stored', digest, sizeBytes };
    await temporary.sync();
    await temporary.renameTo(blobPath(folder, digest));
    return { kind: 'stored', digest, sizeBytes };
  });
}

/**
 * Renews the time of a blob that is there, so that garbage collection keeps it. Answers false where the bytes have to
 * be written: the blob is absent, or of the wrong size (then it is moved aside), or it is stale and another person's,
 * whose time only a rewrite renews.
 */
async function refresh(folder: StoreFolder, digest: Digest, sizeBytes: number): Promise<boolean> {
  const path = blobPath(folder, digest);
  const now = new Date();
  try {
    const found = await stat(path);
    if (found.size !== sizeBytes) {
      await moveAside(folder, path, found.ino);
      return false;
    }
    try {
      // Never back in time, should this host's clock be wrong.
      await utimes(path, now, new Date(Math.max(now.getTime(), found.mtimeMs)));
      return true;
    } catch (error) {
      if (errorCode(error) !== 'EPERM') throw error;
      return now.getTime() - found.mtimeMs < freshMs;
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
