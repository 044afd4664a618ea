import { createWriteStream } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import yauzl from 'yauzl';

/**
 * Unpacks those files of a wheel (a zip archive) that `keep` wants, with their permissions. Names that would leave the
 * folder are refused by yauzl.
 * @returns the names that were unpacked
 */
export async function unpack(
  file: string,
  { into, keep }: { readonly into: string; readonly keep: (name: string) => boolean },
): Promise<string[]> {
  const zip = await open(file);
  const names: string[] = [];
  try {
    for (let entry = await next(zip); entry !== undefined; entry = await next(zip)) {
      if (entry.fileName.endsWith('/') || !keep(entry.fileName)) continue;
      const target = join(into, entry.fileName);
      await mkdir(dirname(target), { recursive: true });
      await pipeline(await read(zip, entry), createWriteStream(target));
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      await chmod(target, mode === 0 ? 0o644 : mode | 0o600);
      names.push(entry.fileName);
    }
  } finally {
    zip.close();
  }
  return names;
}

function open(file: string): Promise<yauzl.ZipFile> {
  return new Promise((resolve, reject) => {
    yauzl.open(file, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error) reject(error);
      else resolve(zip);
    });
  });
}

/** The next entry, or undefined at the end. */
function next(zip: yauzl.ZipFile): Promise<yauzl.Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      zip.off('entry', onEntry).off('end', onEnd).off('error', onError);
    };
    const onEntry = (entry: yauzl.Entry): void => {
      settle();
      resolve(entry);
    };
    const onEnd = (): void => {
      settle();
      resolve(undefined);
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    zip.once('entry', onEntry).once('end', onEnd).once('error', onError);
    zip.readEntry();
  });
}

function read(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<NodeJS.ReadableStream> {
  return new Promise((resolve, reject) => {
    zip.openReadStream(entry, (error, stream) => {
      if (error) reject(error);
      else resolve(stream);
    });
  });
}
