import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { FileIndexLog, parseLine } from '../../local/file-index-log.ts';
import { namesIn } from '../../local/names-in.ts';
import { folderPath } from '../../local/store-folder.ts';
import { temporaryPrefix } from '../../local/temporary-file.ts';
import type { StoreFolder } from '../../store.ts';
import { errorCode } from '../../system-error.ts';
import type { Checked } from './checked.ts';

/** Every file under `index/`. None is needed: what is damaged is removed or mended, and made again by looking twice. */
export async function* checkIndices(folder: StoreFolder, signal?: AbortSignal): AsyncGenerator<Checked> {
  const index = folderPath(folder, 'index');
  for (const name of await namesIn(index)) {
    signal?.throwIfAborted();
    if (inner.includes(name) || name.startsWith(temporaryPrefix)) continue;
    const path = `${index}/${name}`;
    const checked = await ifThere(() =>
      /^[0-9a-f]{64}$/.test(name) ? checkLog(folder, path) : checkSealed(path),
    );
    if (checked !== undefined) yield checked;
  }
  for (const folderName of inner) {
    for (const name of await namesIn(`${index}/${folderName}`)) {
      signal?.throwIfAborted();
      if (name.startsWith(temporaryPrefix)) continue;
      const path = `${index}/${folderName}/${name}`;
      const digest = /-([0-9a-f]{64})\.plan$/.exec(name)?.[1];
      const checked = await ifThere(() =>
        digest === undefined ? checkSealed(path) : checkNamed(path, digest),
      );
      if (checked !== undefined) yield checked;
    }
  }
}

/** Folders of index files. */
const inner = ['actions', 'settled', 'origins', 'remotes', 'data'];

async function checkLog(folder: StoreFolder, path: string): Promise<Checked> {
  const { size } = await stat(path);
  let damaged = size === 0 ? 1 : 0;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    if (parseLine(line) === undefined) damaged += 1;
  }
  if (damaged === 0) return { what: 'index file', bytes: size };
  await FileIndexLog.mend(folder, path);
  const problem = `has ${damaged} damaged ${damaged === 1 ? 'line' : 'lines'}`;
  return {
    what: 'index file',
    bytes: size,
    finding: { path, problem, wayOut: 'mended: some data is read again' },
  };
}

/** A file whose name holds the SHA-256 of its content. */
async function checkNamed(path: string, digest: string): Promise<Checked> {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex') === digest ? { what: 'index file', bytes: size } : await removed(path, size);
}

const sealLength = 65;

/** A file whose last line is the SHA-256 of all before. */
async function checkSealed(path: string): Promise<Checked> {
  const { size } = await stat(path);
  const hash = createHash('sha256');
  const body = Math.max(0, size - sealLength);
  let seal = '';
  let position = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    const ofBody = Math.max(0, Math.min(chunk.length, body - position));
    hash.update(chunk.subarray(0, ofBody));
    seal += chunk.toString('latin1', ofBody);
    position += chunk.length;
  }
  if (body > 0 && seal === `${hash.digest('hex')}\n`) return { what: 'index file', bytes: size };
  return removed(path, size);
}

async function removed(path: string, size: number): Promise<Checked> {
  await rm(path, { force: true });
  const wayOut = path.includes('/index/data/')
    ? 'removed: import the archive again that told of some data'
    : 'removed: the next run makes it anew';
  return { what: 'index file', bytes: size, finding: { path, problem: 'is damaged', wayOut } };
}

/** Undefined where the file is gone, or has been replaced, meanwhile. */
async function ifThere(check: () => Promise<Checked>): Promise<Checked | undefined> {
  try {
    return await check();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
