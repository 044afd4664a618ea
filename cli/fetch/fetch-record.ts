import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { FetchStop } from './fetch-failure.ts';

/** What was downloaded into a folder, so that the next download of it can be compared: `data.lock.json`. */
export interface FetchRecord {
  readonly [name: string]: FetchedDataSet;
}

export interface FetchedDataSet {
  readonly url: string;
  readonly bytes: number;
  /** Of the archive. */
  readonly sha256: string;
  /** Of the unpacked files: SHA-256 over the lines of `sha256sum`, by path. */
  readonly contents: string;
  readonly files: number;
}

export const recordName = 'data.lock.json';

export async function readRecord(dir: string): Promise<FetchRecord> {
  try {
    return JSON.parse(await readFile(join(dir, recordName), 'utf8')) as FetchRecord;
  } catch (error) {
    if (error instanceof SyntaxError) {
      const message = `${join(dir, recordName)} cannot be read: ${error.message}`;
      throw new FetchStop({ kind: 'in-the-way', message });
    }
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}

/** Adds to the record as it is now: others may have fetched meanwhile. */
export async function addToRecord(dir: string, name: string, fetched: FetchedDataSet): Promise<void> {
  const record = { ...(await readRecord(dir)), [name]: fetched };
  const sorted = Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
  const temporary = join(dir, `.${recordName}.${randomBytes(6).toString('hex')}`);
  {
    await using handle = await open(temporary, 'wx');
    await handle.writeFile(`${JSON.stringify(sorted, null, 2)}\n`);
    await handle.sync();
  }
  await rename(temporary, join(dir, recordName));
}
