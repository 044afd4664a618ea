import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileHandle } from 'node:fs/promises';
import type { CopyResult, ReadResult } from '../blob-store.ts';
import { digestOf } from '../digest.ts';
import type { Digest } from '../digest.ts';
import { guarded, isMissing } from '../system-error.ts';
import { askAnew } from './ask-anew.ts';
import type { FileCopier } from './copy-file.ts';
import { moveAside } from './quarantine.ts';
import { blobPath, folderPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { restoreFromTrash } from './trash.ts';

export async function hasBlob(folder: StoreFolder, digest: Digest): Promise<boolean> {
  const there = await guarded(folder.root, () =>
    orRestore(folder, digest, async () => {
      await stat(blobPath(folder, digest));
      return true;
    }),
  );
  return there === true;
}

/** The verified bytes, whole in memory. */
export function readBlob(folder: StoreFolder, digest: Digest): Promise<ReadResult> {
  const path = blobPath(folder, digest);
  return guarded(path, async () => {
    const found = await orRestore(folder, digest, () => readWhole(path));
    if (found === undefined) return { kind: 'absent', digest };
    if (digestOf(found.bytes) === digest) return { kind: 'found', bytes: found.bytes };
    return { kind: 'corrupt', digest, movedTo: await moveAside(folder, path, found.inode) };
  });
}

/** Writes the verified bytes to the new file `target`; nothing is left there unless they were right. */
export function copyBlob(
  folder: StoreFolder,
  copier: FileCopier,
  { digest, target }: { readonly digest: Digest; readonly target: string },
): Promise<CopyResult> {
  const source = blobPath(folder, digest);
  return guarded(target, async () => {
    let inode = 0;
    const found = await orRestore(folder, digest, async () => {
      const small = readSmall(source);
      inode = small.inode;
      return small.bytes ?? (await unlessGone(source, () => copier.copy({ source, target, mode: 0o644 })));
    });
    if (found === undefined) return { kind: 'absent', digest };
    const isRead = found instanceof Uint8Array;
    if ((isRead ? digestOf(found) : found.digest) !== digest) {
      if (!isRead) await unlink(target);
      return { kind: 'corrupt', digest, movedTo: await moveAside(folder, source, inode) };
    }
    if (isRead) writeNew(target, found);
    return { kind: 'copied', sizeBytes: isRead ? found.byteLength : found.sizeBytes };
  });
}

/** How often a blob is fetched back from sweeps that go on meanwhile. */
const mostRestored = 5;

/** Runs `action` on a blob; where the blob is missing, again if another host has just made it, and for as long as it lay in the trash. */
async function orRestore<T>(
  folder: StoreFolder,
  digest: Digest,
  action: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const known = await unlessMissing(action);
  if (known !== undefined) return known;
  askAnew(folderPath(folder, 'cas'), dirname(blobPath(folder, digest)));
  for (let restored = 0; ; restored++) {
    const found = await unlessMissing(action);
    if (found !== undefined || restored === mostRestored) return found;
    // A sweep that found it renewed may have put it back by itself.
    if (!(await restoreFromTrash(folder, digest))) return await unlessMissing(action);
  }
}

async function unlessMissing<T>(action: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Undefined where `action` failed because somebody has removed `path` meanwhile. */
async function unlessGone<T>(path: string, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    const gone = isMissing(error) && (await unlessMissing(() => stat(path))) === undefined;
    if (gone) return undefined;
    throw error;
  }
}

/** Bytes up to which a blob is read at one go: for thousands of actions in a row, waiting for the pool costs twenty times the reading. */
const smallBytes = 65_536;

/** The bytes, unverified, of a file that is small. */
function readSmall(path: string): { readonly inode: number; readonly bytes: Uint8Array | undefined } {
  const { size, ino } = statSync(path);
  return { inode: ino, bytes: size <= smallBytes ? readFileSync(path) : undefined };
}

/** Nothing is left of a file that could not be written whole. */
function writeNew(target: string, bytes: Uint8Array): void {
  const descriptor = openSync(target, 'wx', 0o644);
  try {
    writeFileSync(descriptor, bytes);
  } catch (error) {
    rmSync(target, { force: true });
    throw error;
  } finally {
    closeSync(descriptor);
  }
}

async function readWhole(path: string): Promise<{ readonly bytes: Uint8Array; readonly inode: number }> {
  const small = readSmall(path);
  if (small.bytes !== undefined) return { bytes: small.bytes, inode: small.inode };
  await using handle = await open(path, 'r');
  const { size, ino } = await handle.stat();
  return { bytes: await readBytes(handle, size), inode: ino };
}

/** By hand, since `readFile` gives up at 2 GiB. */
async function readBytes(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(size);
  let length = 0;
  while (length < size) {
    const { bytesRead } = await handle.read(bytes, length, Math.min(size - length, 2 ** 30), length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return bytes.subarray(0, length);
}
