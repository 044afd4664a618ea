import { resolve } from 'node:path';
import type { BlobStore } from './blob-store.ts';
import { systemClock } from './clock.ts';
import type { Clock } from './clock.ts';
import type { StoreFailure } from './failures.ts';
import { layeredBlobStore } from './layered/layered-blobs.ts';
import { FileCopier } from './local/copy-file.ts';
import { SilenceWatch } from './local/heartbeat.ts';
import { localArtifactStore } from './local/local-artifact-store.ts';
import { localBlobStore } from './local/local-blob-store.ts';
import { localClaimStore } from './local/local-claim-store.ts';
import { isOnLocalDisk } from './local-disk.ts';
import { localFileIndex } from './local/local-file-index.ts';
import { localSnapshotStore } from './local/local-snapshot-store.ts';
import { namesIn } from './local/names-in.ts';
import { folderPath, makeFolder, makeRoot, storeFolders } from './local/store-folder.ts';
import { readSettings, writeSettings } from './local/store-settings.ts';
import type { IncompatibleStore } from './local/store-settings.ts';
import { pinnedDigests } from './upkeep/pins.ts';
import { livenessOf, ownIdentity } from './process-identity.ts';
import type { ClusterJobName, Liveness, ProcessIdentity } from './process-identity.ts';
import type { SigningKey } from './signatures/signature.ts';
import type { SigningPolicy } from './signatures/signing-policy.ts';
import type { Sharing, Store, StoreFolder } from './store.ts';
import { originOf } from './origins.ts';
import { policyOf, readSigningKey, storeActions } from './store-actions.ts';
import { guarded } from './system-error.ts';

export interface OpenStoreRequest {
  /** The `.sweetspot` folder. Made, with the folders above it, where there is none. */
  readonly dir: string;
  /**
   * Root of a store that is only read: what it has counts as stored here too, what is made goes to `dir` alone. Nothing below it
   * is changed, whatever the system would allow.
   */
  readonly over?: string | undefined;
  /** Whose results to serve, and how to sign those that are made; default: everybody's, and not at all. */
  readonly signing?: SigningPolicy | undefined;
  /** For a store that is made now; one that exists keeps its own. Default `umask`. */
  readonly sharing?: Sharing;
  /** For a store that is made now: whether it demands signed results of everybody. */
  readonly signed?: boolean;
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Who claims; default: this process. */
  readonly self?: ProcessIdentity;
  /** The cluster's job that this process works in. */
  readonly job?: ClusterJobName | undefined;
  /** Whether the queue of a cluster knows for certain that a job has ended, or waits to begin anew; default: nobody knows. */
  readonly hasEnded?: HasEnded | undefined;
  /** What this host knows of a claim's owner; default: looks the process up. */
  readonly livenessOf?: LivenessOf;
  readonly onDamaged?: StoreFolder['onDamaged'] | undefined;
}

type LivenessOf = (owner: ProcessIdentity) => Liveness | Promise<Liveness>;
type HasEnded = (job: ClusterJobName) => Promise<boolean>;

export type OpenStoreResult =
  { readonly kind: 'opened'; readonly store: Store } | IncompatibleStore | StoreFailure;

/** Opens a store, or makes one. One that is whole is not written to, so it may lie on a read-only file system. */
export function openStore(request: OpenStoreRequest): Promise<OpenStoreResult> {
  const root = resolve(request.dir);
  return guarded<OpenStoreResult>(root, async () => {
    let found = await readSettings(root);
    if (found.kind === 'absent') {
      const sharing = request.sharing ?? 'umask';
      await makeRoot({ root, sharing });
      await makeFolders({ root, sharing });
      await writeSettings({ root, sharing, signed: request.signed === true });
      found = await readSettings(root);
    } else if (found.kind === 'read' && (await lacksFolders(root))) {
      // Somebody has prepared `store.json` by hand, or tidied up. A store that may only be read does as it is.
      const folder = { root, sharing: found.settings.sharing };
      await guarded(root, () => makeFolders(folder));
    }
    if (found.kind === 'incompatible') return found;
    if (found.kind === 'absent') throw new Error(`${root}: the new store.json cannot be read back`);
    const below = request.over === undefined ? undefined : await readBelow(resolve(request.over), request);
    if (below?.kind === 'incompatible' || below?.kind === 'store-failure') return below;
    const own = readSigningKey(request.signing);
    if (own === 'unusable')
      return {
        kind: 'store-failure',
        reason: 'io',
        path: request.signing?.keyFile ?? root,
        detail: 'there is no private key for signing in this file',
      };
    const { sharing, signed, quotaBytes } = found.settings;
    const onLocalDisk = await isOnLocalDisk(root);
    const here: LivenessOf = (owner) => livenessOf(owner, { onLocalDisk });
    const looked = request.hasEnded === undefined ? here : withQueue(here, request.hasEnded, request.job);
    return {
      kind: 'opened',
      store: assemble(
        {
          ...{ root, sharing, signed, onDamaged: request.onDamaged },
          ...(quotaBytes === undefined ? {} : { quotaBytes }),
        },
        {
          livenessOf: looked,
          ...request,
          signing: policyOf(request.signing, signed),
          below: below?.folder,
          own,
        },
      ),
    };
  });
}

/** What this host does not know of a process, the queue may know of its job. */
function withQueue(here: LivenessOf, hasEnded: HasEnded, own: ClusterJobName | undefined): LivenessOf {
  return async (owner) => {
    const known = await here(owner);
    const { job } = owner;
    if (known !== 'unknown' || job === undefined) return known;
    // A job has one worker at a time: whoever has claimed from ours before was there before it was begun anew.
    const isOurs = own !== undefined && own.id === job.id && own.cluster === job.cluster;
    return isOurs || (await hasEnded(job)) ? 'dead' : 'unknown';
  };
}

/** The store that is only read; one that is not there is a failure, since somebody has named it. */
async function readBelow(
  root: string,
  { onDamaged }: OpenStoreRequest,
): Promise<{ readonly kind: 'below'; readonly folder: StoreFolder } | IncompatibleStore | StoreFailure> {
  const found = await readSettings(root);
  switch (found.kind) {
    case 'incompatible':
      return found;
    case 'absent':
      return { kind: 'store-failure', reason: 'io', path: root, detail: 'there is no store to read' };
    case 'read': {
      const { sharing, signed } = found.settings;
      return { kind: 'below', folder: { root, sharing, signed, readOnly: true, onDamaged } };
    }
  }
}

/** Those by digest are made when the first file goes into them. */
async function makeFolders(folder: StoreFolder): Promise<void> {
  for (const name of storeFolders) await makeFolder(folderPath(folder, name), folder.sharing);
}

async function lacksFolders(root: string): Promise<boolean> {
  const names = new Set(await namesIn(root));
  return storeFolders.some((name) => !names.has(name));
}

function assemble(
  folder: StoreFolder,
  request: OpenStoreRequest & {
    readonly livenessOf: LivenessOf;
    readonly below: StoreFolder | undefined;
    readonly own: SigningKey | undefined;
  },
): Store {
  const clock = request.clock ?? systemClock;
  const copier = new FileCopier();
  const { below, signing, own } = request;
  const blobs = blobsOf(folder, below, copier);
  return {
    ...folder,
    ...(below === undefined ? {} : { below: below.root }),
    runsDir: folderPath(folder, 'runs'),
    blobs,
    ...(signing === undefined ? {} : { signing }),
    ...storeActions({ folder, below, signing, own }),
    artifacts: localArtifactStore({ folder, copier, blobs, pinned: () => pinnedDigests(folder) }),
    claims: localClaimStore({
      folder,
      clock,
      self: request.self ?? {
        ...ownIdentity(),
        ...(request.job === undefined ? {} : { job: request.job }),
      },
      livenessOf: request.livenessOf,
      silence: new SilenceWatch(folder, clock),
    }),
    snapshots: localSnapshotStore(folder),
    fileIndex: localFileIndex(folder, clock),
    originOf: (key) => originOf(folder, key),
  };
}

function blobsOf(folder: StoreFolder, below: StoreFolder | undefined, copier: FileCopier): BlobStore {
  const own = localBlobStore(folder, copier);
  return below === undefined ? own : layeredBlobStore(own, localBlobStore(below, new FileCopier()));
}
