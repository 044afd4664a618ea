import type { StoreFailure } from '../failures.ts';
import { listBlobs } from '../local/list-blobs.ts';
import { listActionKeys } from '../local/local-action-store.ts';
import { namesIn } from '../local/names-in.ts';
import { folderPath } from '../local/store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { guarded } from '../system-error.ts';
import { listSigned } from '../signatures/list-signed.ts';
import { parseClaimName } from '../local/claim-record.ts';
import { readPins } from './pins.ts';
import { tallyTree } from './tally.ts';
import type { Tally } from './tally.ts';

export interface StoreStats {
  readonly kind: 'stats';
  readonly blobs: Tally;
  readonly actions: number;
  /** How many results each member has signed, by the fingerprint of the key; by name only, nothing is verified. */
  readonly signed: { readonly [fingerprint: string]: number };
  /** Set aside by garbage collection, not yet deleted. */
  readonly trash: Tally;
  /** Found bad and moved aside. */
  readonly quarantine: Tally;
  /** Of tasks that are running or were interrupted. */
  readonly snapshots: Tally;
  /** Tasks that somebody is computing, or was when he was killed. */
  readonly claims: number;
  readonly pins: number;
  readonly runs: number;
}

/** How much of what the store holds. Reads names and sizes, no contents. */
export function storeStats(folder: StoreFolder): Promise<StoreStats | StoreFailure> {
  return guarded<StoreStats | StoreFailure>(folder.root, async () => {
    const claims = (await namesIn(folderPath(folder, 'claims'))).map(parseClaimName);
    const { pins, damaged } = await readPins(folder);
    return {
      kind: 'stats',
      blobs: await countBlobs(folder),
      actions: await countActions(folder),
      signed: await countSigned(folder),
      trash: await tallyTree(folderPath(folder, 'trash')),
      quarantine: await tallyTree(folderPath(folder, 'quarantine')),
      snapshots: await tallyTree(folderPath(folder, 'partial')),
      claims: new Set(claims.flatMap((claim) => claim?.key ?? [])).size,
      pins: pins.length + damaged.length,
      runs: (await namesIn(folderPath(folder, 'runs'))).length,
    };
  });
}

async function countBlobs(folder: StoreFolder): Promise<Tally> {
  let count = 0;
  let bytes = 0;
  for await (const { sizeBytes } of listBlobs(folder)) {
    count += 1;
    bytes += sizeBytes;
  }
  return { count, bytes };
}

async function countSigned(folder: StoreFolder): Promise<StoreStats['signed']> {
  const counts = new Map<string, number>();
  for await (const { fingerprint } of listSigned(folder))
    counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function countActions(folder: StoreFolder): Promise<number> {
  let count = 0;
  for await (const _ of listActionKeys(folder)) count += 1;
  return count;
}
