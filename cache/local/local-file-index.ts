import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import { digestOf } from '../digest.ts';
import type { FileIndex, FileIndexRequest, FileIndexResult, IndexedFile } from '../file-index.ts';
import type { StoreFailure } from '../failures.ts';
import { errorCode, guarded } from '../system-error.ts';
import { firstAnswer } from './concurrently.ts';
import { FileIndexLog, sameStamp } from './file-index-log.ts';
import type { FileStamp, IndexEntry } from './file-index-log.ts';
import { hashFile } from './hash-file.ts';
import { folderPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';

/**
 * A time stamp may be this coarse (FAT's is, of the file systems in use). A file that changed no longer ago than that
 * when it was read may change again under the same stamp: git calls it racily clean. Such an entry is not remembered.
 */
const racyMs = 2000;
const maximumAttempts = 3;

/** One log of digests a folder, `index/<digest of its path>`. Two folders with the same files read them once each. */
export function localFileIndex(folder: StoreFolder, clock: Clock): FileIndex {
  const damaged = new Set<string>();
  return {
    digests: (request) =>
      guarded(request.root, async () => {
        const path = `${folderPath(folder, 'index')}/${digestOf(resolve(request.root))}`;
        await using log = await FileIndexLog.open(folder, path);
        if (log.damagedLines > 0) damaged.add(path);
        return await index(log, clock, request);
      }),
    damaged() {
      const found = [...damaged];
      damaged.clear();
      return found;
    },
  };
}

async function index(log: FileIndexLog, clock: Clock, request: FileIndexRequest): Promise<FileIndexResult> {
  const { paths, signal, onProgress } = request;
  const root = resolve(request.root);
  const files = new Array<IndexedFile>(paths.length);
  let done = 0;
  let readBytes = 0;
  const stopped = await firstAnswer(paths.entries(), 8, async ([position, path]) => {
    signal?.throwIfAborted();
    const found = await lookUp(log, clock, { root, path, signal });
    if (found.kind !== 'known' && found.kind !== 'read') return found;
    files[position] = found.file;
    done += 1;
    if (found.kind === 'read') readBytes += found.file.size;
    onProgress?.({ files: done, of: paths.length, readBytes });
    return undefined;
  });
  return stopped ?? { kind: 'indexed', files };
}

type LookedUp =
  | { readonly kind: 'known'; readonly file: IndexedFile }
  | { readonly kind: 'read'; readonly file: IndexedFile }
  | { readonly kind: 'missing'; readonly path: string }
  | StoreFailure;

async function lookUp(
  log: FileIndexLog,
  clock: Clock,
  request: { readonly root: string; readonly path: string; readonly signal: AbortSignal | undefined },
): Promise<LookedUp> {
  const { root, path, signal } = request;
  const full = `${root}/${path}`;
  try {
    for (let attempt = 0; attempt < maximumAttempts; attempt++) {
      const before = await stampOf(full);
      const known = log.find(path, before);
      if (known !== undefined) return { kind: 'known', file: fileOf(known) };
      const startedMs = clock.wallMs();
      const { digest } = await hashFile(full, signal);
      // Where it was written to while it was read, the digest may be of neither state.
      if (!sameStamp(before, await stampOf(full))) continue;
      const entry: IndexEntry = { path, ...before, sha256: digest };
      if (Math.max(before.mtimeMs, before.ctimeMs) + racyMs < startedMs) log.add(entry);
      return { kind: 'read', file: fileOf(entry) };
    }
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', path };
    throw error;
  }
  return { kind: 'store-failure', reason: 'io', path: full, detail: 'the file changes while it is read' };
}

async function stampOf(path: string): Promise<FileStamp> {
  const { size, mtimeMs, ctimeMs, ino } = await stat(path);
  return { size, mtimeMs, ctimeMs, inode: ino };
}

function fileOf({ path, size, mtimeMs, sha256 }: IndexEntry): IndexedFile {
  return { path, size, mtimeMs, sha256 };
}
