import { existsSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { folderPath, makeFolder, randomName } from '../local/store-folder.ts';
import { temporaryPrefix } from '../local/temporary-file.ts';
import type { StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';
import type { GroupPublisher } from './group-publisher.ts';
import type { SteadyRemote } from './steady-remote.ts';

/** What is taken for a blob of unknown size: a manifest, an action, a log. */
const mostUnknownBytes = 256 * 1024 * 1024;

export type FetchedBlob = { readonly kind: 'fetched' } | { readonly kind: 'absent' } | StoreFailure;

export interface Fetching {
  readonly folder: StoreFolder;
  readonly remotes: readonly SteadyRemote[];
  readonly publisher: GroupPublisher;
  readonly onTrouble: (message: string) => void;
}

/**
 * Brings a blob from the first remote that has it into the store. It is written under a temporary name, compared with its
 * digest and synced before it gets its own; what a remote has wrong is named and passed over.
 */
export async function fetchBlob(
  { folder, remotes, publisher, onTrouble }: Fetching,
  {
    digest,
    sizeBytes,
    signal = waitsFor.signal,
  }: {
    readonly digest: Digest;
    readonly sizeBytes: number | undefined;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<FetchedBlob> {
  for (const remote of remotes) {
    if (!remote.pull || !remote.isUsed('pull')) continue;
    const path = `${folderPath(folder, 'tmp')}/${randomName(temporaryPrefix)}`;
    const unready = await makeTmp(folder);
    if (unready !== undefined) return unready;
    const mostBytes = sizeBytes ?? mostUnknownBytes;
    const call = { signal, onBytes: (): void => undefined };
    const got = await remote.getBlob({ digest, path, mostBytes }, call);
    switch (got.kind) {
      case 'received': {
        if (got.digest === digest) {
          remote.use.fetchedBlobs += 1;
          remote.use.fetchedBytes += got.sizeBytes;
          return await publisher.publish({ path, digest });
        }
        remote.use.refused += 1;
        await guarded(path, () => unlink(path));
        onTrouble(
          `remote '${remote.name}' has wrong bytes for the blob ${digest}: theirs are ${got.digest}; they were not taken`,
        );
        break;
      }
      case 'malformed':
        remote.use.refused += 1;
        onTrouble(`the blob ${digest} of remote '${remote.name}' ${got.problem}; it was not taken`);
        break;
      case 'store-failure':
        return got;
      case 'absent':
      case 'remote-failure':
        break;
    }
  }
  return { kind: 'absent' };
}

/** The failure, if there was one. Nearly always the folder is there, and a look costs a tenth of making it again. */
async function makeTmp(folder: StoreFolder): Promise<StoreFailure | undefined> {
  const tmp = folderPath(folder, 'tmp');
  if (existsSync(tmp)) return undefined;
  return (await guarded(tmp, () => makeFolder(tmp, folder.sharing))) ?? undefined;
}

/** A task that is stopped ends when its worker does; the remote's own limits hold until then. */
const waitsFor = new AbortController();
