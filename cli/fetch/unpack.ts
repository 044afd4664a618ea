import { createHash } from 'node:crypto';
import { mkdir, open, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { eachEntry, type ArchiveEntry } from './archive.ts';
import { FetchStop } from './fetch-failure.ts';
import type { PublishedDataSet } from './published.ts';
import { partsUnder, safeParts } from './safe-path.ts';

export interface Unpacked {
  readonly files: number;
  readonly bytes: number;
  /** SHA-256 over `sha256sum`'s lines of the files, by path. */
  readonly contents: string;
}

/** More than this many times the archive's size is no collection of images. */
const mostExpansion = 200;
const mostFiles = 1_000_000;

/**
 * Unpacks what is wanted of an archive into a folder, regular files alone. Refused are paths that lead out of it, links and
 * devices, a file that is there twice, and more than an honest archive of that size holds. Throws `FetchStop`.
 */
export async function unpack(request: {
  readonly file: string;
  readonly set: Pick<PublishedDataSet, 'archive' | 'root' | 'only'>;
  readonly into: string;
  readonly signal: AbortSignal;
}): Promise<Unpacked> {
  const { file, set, into, signal } = request;
  const { size } = await stat(file);
  const { bavail, bsize } = await statfs(dirname(file));
  const allowance = { bytes: Math.min(size * mostExpansion + 2 ** 20, bavail * bsize), files: mostFiles };
  await mkdir(into, { recursive: true });
  const sums: (readonly [path: string, sum: string])[] = [];
  let bytes = 0;
  const take = async (entry: ArchiveEntry): Promise<void> => {
    const path = wantedPath(entry, set);
    if (path === undefined) return;
    if (sums.length === allowance.files) throw refused(`it holds more than ${mostFiles} files`);
    const written = await writeEntry(entry, join(into, path), allowance.bytes - bytes);
    bytes += written.bytes;
    sums.push([path, written.sum]);
  };
  await eachEntry(file, set.archive, take, signal);
  if (sums.length === 0) throw refused(`it holds no file${set.root === '' ? '' : ` under ${set.root}/`}`);
  return { files: sums.length, bytes, contents: sumOf(sums) };
}

/** Where a file belongs under the target; undefined where it is not wanted. */
function wantedPath(
  entry: ArchiveEntry,
  { root, only }: Pick<PublishedDataSet, 'root' | 'only'>,
): string | undefined {
  const parts = safeParts(entry.path);
  if (parts === undefined)
    throw refused(`it holds a path that leads elsewhere: ${JSON.stringify(entry.path)}`);
  if (entry.kind === 'other') throw refused(`it holds a link or a device: ${JSON.stringify(entry.path)}`);
  const under = partsUnder(parts, root);
  if (entry.kind === 'folder' || under === undefined || under.length === 0) return undefined;
  // What macOS' archivers and file managers leave behind.
  if (under.some((part) => part === '.DS_Store' || part === '__MACOSX' || part.startsWith('._')))
    return undefined;
  const path = under.join('/');
  return only === undefined || only.test(path) ? path : undefined;
}

async function writeEntry(
  { path, content }: ArchiveEntry,
  target: string,
  allowed: number,
): Promise<{ readonly bytes: number; readonly sum: string }> {
  await mkdir(dirname(target), { recursive: true });
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await using handle = await open(target, 'wx');
    for await (const chunk of content) {
      bytes += chunk.length;
      if (bytes > allowed)
        throw refused('it unpacks to more than there is room for, or than an honest one would');
      hash.update(chunk);
      await handle.appendFile(chunk);
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTDIR')
      throw refused(`it holds ${JSON.stringify(path)} twice`);
    throw error;
  }
  return { bytes, sum: hash.digest('hex') };
}

function sumOf(sums: readonly (readonly [string, string])[]): string {
  const sorted = [...sums].sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const hash = createHash('sha256');
  for (const [path, sum] of sorted) hash.update(`${sum}  ${path}\n`);
  return hash.digest('hex');
}

function refused(message: string): FetchStop {
  return new FetchStop({ kind: 'bad-archive', message });
}
