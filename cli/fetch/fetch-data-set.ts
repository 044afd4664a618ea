import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { discard, download, type DownloadRequest } from './download.ts';
import { FetchStop, failureOf, type FetchFailure } from './fetch-failure.ts';
import { addToRecord, readRecord, recordName, type FetchedDataSet } from './fetch-record.ts';
import { hold } from './hold.ts';
import type { PublishedDataSet } from './published.ts';
import { unpack } from './unpack.ts';

export interface FetchRequest extends Pick<DownloadRequest, 'signal' | 'onProgress' | 'pause' | 'silentMs'> {
  readonly set: PublishedDataSet;
  /** The folder that holds data sets; this one becomes `DIR/NAME`. */
  readonly dir: string;
}

export type Fetched =
  | { readonly kind: 'there-already'; readonly fetched: FetchedDataSet }
  | {
      readonly kind: 'fetched';
      readonly fetched: FetchedDataSet;
      /** What the bytes were compared with: a stated sum, an earlier download's, or nothing. */
      readonly checkedBy: 'sum' | 'record' | 'nothing';
    }
  | FetchFailure;

/**
 * Downloads a data set, compares it, unpacks it, and puts it in its place by one rename: `DIR/NAME` is there whole or not at all. Without a
 * stated sum the first download is trusted and recorded in `data.lock.json`, and every later one has to be the same.
 */
export async function fetchDataSet(request: FetchRequest): Promise<Fetched> {
  try {
    return await fetchInto(request);
  } catch (error) {
    return failureOf(error);
  }
}

async function fetchInto(request: FetchRequest): Promise<Fetched> {
  const { set, dir, signal } = request;
  const target = join(dir, set.name);
  const work = join(dir, '.fetch');
  await mkdir(work, { recursive: true });
  await using _held = await hold(join(work, `${set.name}.pid`), set.name);
  const before = (await readRecord(dir))[set.name];
  if (existsSync(target)) {
    if (before !== undefined) return { kind: 'there-already', fetched: before };
    const message = `${target} is there already, and was not downloaded by this command (${recordName} does not name it)`;
    throw new FetchStop({ kind: 'in-the-way', message });
  }
  const archive = join(work, set.name);
  await download({ ...request, url: set.url, file: archive });
  const { size } = await stat(archive);
  const sha256 = await sumOfFile(archive, signal);
  const wanted = set.sha256 ?? (set.contents === undefined ? before?.sha256 : undefined);
  if (wanted !== undefined && wanted !== sha256) {
    await discard(archive);
    throw wrongBytes(set, { what: 'its', wanted, found: sha256, isRecorded: set.sha256 === undefined });
  }
  const fresh = join(work, `${set.name}.new`);
  await rm(fresh, { recursive: true, force: true });
  try {
    const unpacked = await unpack({ file: archive, set, into: fresh, signal });
    const { contents } = unpacked;
    const wantedContents = set.contents ?? before?.contents;
    if (wantedContents !== undefined && wantedContents !== contents)
      throw wrongBytes(set, {
        what: "its files'",
        wanted: wantedContents,
        found: contents,
        isRecorded: set.contents === undefined,
      });
    const fetched = { url: set.url, bytes: size, sha256, contents, files: unpacked.files };
    await rename(fresh, target);
    await addToRecord(dir, set.name, fetched);
    const stated = set.sha256 ?? set.contents;
    return {
      kind: 'fetched',
      fetched,
      checkedBy: stated !== undefined ? 'sum' : before !== undefined ? 'record' : 'nothing',
    };
  } catch (error) {
    // A damaged archive is downloaded anew; after Ctrl-C or on a full disk it serves again.
    const kind = error instanceof FetchStop ? error.failure.kind : undefined;
    if (kind === 'bad-archive' || kind === 'wrong-bytes') await discard(archive);
    throw error;
  } finally {
    await rm(fresh, { recursive: true, force: true });
    if (existsSync(target)) await discard(archive);
  }
}

function wrongBytes(
  { url }: PublishedDataSet,
  found: {
    readonly what: string;
    readonly wanted: string;
    readonly found: string;
    readonly isRecorded: boolean;
  },
): FetchStop {
  return new FetchStop({
    kind: 'wrong-bytes',
    message: `${url} is not what it should be: ${found.what} SHA-256 is ${found.found}, not ${found.wanted}`,
    hint: found.isRecorded
      ? `the other is that of the first download (${recordName}): ask the publisher what changed; without its line the new one is taken`
      : 'it was removed; try again, and if it stays so ask who gave you the sum',
  });
}

async function sumOfFile(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}
