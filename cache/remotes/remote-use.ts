import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { canonicalJson } from '../canonical-json.ts';
import { namesIn } from '../local/names-in.ts';
import { openSealedText, sealText } from '../local/sealed-text.ts';
import { folderPath, randomName, sharedFolderMode } from '../local/store-folder.ts';
import { temporaryPrefix } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { errorCode } from '../system-error.ts';

const counters = [
  'hits',
  'refused',
  'fetchedBlobs',
  'fetchedBytes',
  'sentBlobs',
  'sentBytes',
  'savedGpuMs',
  'savedCpuMs',
] as const;

/**
 * What a remote has been good for. `hits`: results taken over, and with them `savedGpuMs` and `savedCpuMs` of computing; `refused`: results
 * and blobs that were wrong, or not trusted.
 */
export type RemoteUse = { [counter in (typeof counters)[number]]: number };

export function noUse(): RemoteUse {
  return Object.fromEntries(counters.map((counter) => [counter, 0])) as RemoteUse;
}

/**
 * Writes down what one process had of its remotes, as it ends: so it does not wait. A file a process, in `index/remotes/`; best effort.
 */
export function recordUse(folder: StoreFolder, uses: ReadonlyMap<string, RemoteUse>): void {
  const told = [...uses].filter(([, use]) => counters.some((counter) => use[counter] > 0));
  if (told.length === 0) return;
  const dir = usesDir(folder);
  try {
    const isNew = mkdirSync(dir, { recursive: true }) !== undefined;
    if (isNew && folder.sharing === 'group') chmodSync(dir, sharedFolderMode);
    const name = randomName('');
    const temporary = `${dir}/${temporaryPrefix}${name}`;
    const text = `${canonicalJson({ format: 1, remotes: Object.fromEntries(told) })}\n`;
    writeFileSync(temporary, sealText(text), { mode: 0o444, flag: 'wx' });
    if (folder.sharing === 'group') chmodSync(temporary, 0o444);
    renameSync(temporary, `${dir}/${name}`);
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}

/** What all processes so far had of each remote, by name. What is damaged is passed over. Throws system errors. */
export async function readUses(folder: StoreFolder): Promise<ReadonlyMap<string, RemoteUse>> {
  const sums = new Map<string, RemoteUse>();
  for (const name of (await namesIn(usesDir(folder))).toSorted()) {
    if (name.startsWith(temporaryPrefix)) continue;
    const text = openSealedText(readFileSync(`${usesDir(folder)}/${name}`, 'utf8'));
    if (text === undefined) continue;
    const { remotes = {} } = JSON.parse(text) as {
      readonly remotes?: Readonly<Record<string, Partial<RemoteUse>>>;
    };
    for (const [remote, use] of Object.entries(remotes)) {
      const sum = sums.get(remote) ?? noUse();
      for (const counter of counters) sum[counter] += use[counter] ?? 0;
      sums.set(remote, sum);
    }
  }
  return new Map([...sums].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function usesDir(folder: StoreFolder): string {
  return `${folderPath(folder, 'index')}/remotes`;
}
