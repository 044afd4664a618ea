import { readFile } from 'node:fs/promises';
import { namesIn } from '../../local/names-in.ts';
import { temporaryPrefix } from '../../local/temporary-file.ts';
import type { StoreFolder } from '../../store.ts';
import { errorCode } from '../../system-error.ts';
import { counters, noUse } from '../remote-use.ts';
import type { RemoteUse } from '../remote-use.ts';
import { decodeRecords, usesDir } from './use-files.ts';
import type { UseRecord, UseRecords } from './use-files.ts';

/** How often files may be put together while they are read before what was seen last is told. */
const mostLooks = 10;

/** What all processes so far had of each remote, by name. What is damaged is passed over. Throws system errors. */
export async function readUses(folder: StoreFolder): Promise<ReadonlyMap<string, RemoteUse>> {
  const sums = new Map<string, RemoteUse>();
  for (const record of (await readRecords(usesDir(folder))).values()) {
    for (const [remote, use] of Object.entries(record)) {
      const sum = sums.get(remote) ?? noUse();
      for (const counter of counters) sum[counter] += use[counter] ?? 0;
      sums.set(remote, sum);
    }
  }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * Looks again where files have come or gone: a record may have been in one that was gone already, and then in one that was not there yet. What
 * one look finds, the next one adds to.
 */
async function readRecords(dir: string): Promise<UseRecords> {
  const records = new Map<string, UseRecord>();
  let names = await recordNames(dir);
  for (let look = 1; ; look += 1) {
    for (const name of names)
      for (const [of, record] of await recordsIn(`${dir}/${name}`, name)) records.set(of, record);
    const after = await recordNames(dir);
    if (look === mostLooks || names.join() === after.join()) return records;
    names = after;
  }
}

async function recordNames(dir: string): Promise<readonly string[]> {
  return (await namesIn(dir)).filter((name) => !name.startsWith(temporaryPrefix)).toSorted();
}

async function recordsIn(path: string, name: string): Promise<UseRecords> {
  try {
    return decodeRecords(name, await readFile(path, 'utf8')) ?? new Map<string, UseRecord>();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return new Map<string, UseRecord>();
    throw error;
  }
}
