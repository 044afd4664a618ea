import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Parser, type ReadEntry } from 'tar';
import yauzl from 'yauzl';
import { FetchStop } from './fetch-failure.ts';

/** One thing in an archive. */
export interface ArchiveEntry {
  /** As the archive has it. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly content: AsyncIterable<Uint8Array>;
}

export type TakeEntry = (entry: ArchiveEntry) => Promise<void>;

/** Reads an archive's entries one after the other. Throws `FetchStop` where it is damaged, and what `take` throws. */
export async function eachEntry(
  file: string,
  archive: 'tar.gz' | 'zip',
  take: TakeEntry,
  signal: AbortSignal,
): Promise<void> {
  let thrown: { readonly error: unknown } | undefined;
  const taking: TakeEntry = async (entry) => {
    try {
      signal.throwIfAborted();
      await take(entry);
    } catch (error) {
      thrown ??= { error };
      throw error;
    }
  };
  try {
    await (archive === 'zip' ? eachZipEntry(file, taking) : eachTarEntry(file, taking, signal));
  } catch (error) {
    if (thrown !== undefined) throw thrown.error;
    if (signal.aborted) throw new FetchStop({ kind: 'interrupted' });
    const reason = error instanceof Error ? error.message : String(error);
    throw new FetchStop({ kind: 'bad-archive', message: `it cannot be unpacked: ${reason}` });
  }
}

async function eachTarEntry(file: string, take: TakeEntry, signal: AbortSignal): Promise<void> {
  const stop = new AbortController();
  let taken: Promise<void> = Promise.resolve();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      taken = taken.then(async () => {
        try {
          if (!stop.signal.aborted) await take(tarEntry(entry));
        } catch (error) {
          stop.abort(error);
        } finally {
          entry.resume();
        }
      });
    },
  });
  await pipeline(createReadStream(file), parser as unknown as NodeJS.WritableStream, {
    signal: AbortSignal.any([stop.signal, signal]),
  });
  await taken;
  stop.signal.throwIfAborted();
}

function tarEntry(entry: ReadEntry): ArchiveEntry {
  const isFile = entry.type === 'File' || entry.type === 'OldFile' || entry.type === 'ContiguousFile';
  return {
    path: entry.path,
    kind: isFile ? 'file' : entry.type === 'Directory' ? 'folder' : 'other',
    content: entry,
  };
}

async function eachZipEntry(file: string, take: TakeEntry): Promise<void> {
  const zip = await yauzl.openPromise(file);
  try {
    for await (const entry of zip.eachEntry()) {
      const mode = (entry.externalFileAttributes >>> 16) & 0o170000;
      const isFolder = entry.fileName.endsWith('/');
      const kind = isFolder ? 'folder' : mode === 0 || mode === 0o100000 ? 'file' : 'other';
      await take({ path: entry.fileName, kind, content: zipContent(zip, entry) });
    }
  } finally {
    zip.close();
  }
}

async function* zipContent(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Uint8Array> {
  for await (const chunk of await zip.openReadStreamPromise(entry)) yield chunk as Uint8Array;
}
