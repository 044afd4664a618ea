import type { ArtifactStore } from '../artifact-store.ts';
import type { BlobStore } from '../blob-store.ts';
import type { Digest, TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { firstAnswer } from '../local/concurrently.ts';
import { readManifest } from '../local/local-artifact-store.ts';
import { materialise } from '../local/materialise.ts';
import { folderPath, randomName } from '../local/store-folder.ts';
import { temporaryPrefix } from '../local/temporary-file.ts';
import type { Store } from '../store.ts';
import { BlobFetcher } from './blob-fetcher.ts';
import type { FetchedBlob } from './fetch-blob.ts';
import { openRemotes } from './open-remotes.ts';
import type { RemotesAccess, RemoteSettings } from './remote-settings.ts';
import type { RemoteUse } from './remote-use.ts';
import type { SteadyRemote } from './steady-remote.ts';
import { tieredActions } from './tiered-actions.ts';

export interface TieredStore extends Store {
  readonly remotes: RemotesAccess;
  /** For who brings something to them. */
  readonly openedRemotes: readonly SteadyRemote[];
  /** What this process had of each of them, by name. */
  uses(): ReadonlyMap<string, RemoteUse>;
  /** Brings a blob into the store, from the first remote that has it. */
  fetchBlob(digest: Digest): Promise<FetchedBlob>;
  /** Brings all bytes of a result into the store, as far as they are anywhere. */
  fetchAll(key: TaskKey): Promise<FetchedAll>;
}

export type FetchedAll = { readonly kind: 'whole' } | { readonly kind: 'partial' } | StoreFailure;

export interface TierRequest {
  readonly local: Store;
  /** In the order in which they are asked. */
  readonly settings: readonly RemoteSettings[];
  /** Of the run that this process is part of; default: of a run of its own. */
  readonly outagesDir?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes what the user should know: a remote that is left alone, damage that it serves. */
  readonly onTrouble: (message: string) => void;
}

/**
 * A store that asks remotes for what it lacks. A result that is found there enters the store without any bytes; blobs follow
 * when they are read, each verified before it lies under its name. What remotes cannot give is as absent as ever.
 */
export function tieredStore(request: TierRequest): TieredStore {
  const { local, settings, env, onTrouble } = request;
  const outagesDir =
    request.outagesDir ?? `${folderPath(local, 'tmp')}/${randomName(`${temporaryPrefix}outages-`)}`;
  const remotes = openRemotes({ settings, folder: local, outagesDir, env, onTrouble });
  const fetcher = new BlobFetcher({ local, remotes, onTrouble });
  const actions = tieredActions({ local, remotes, onTrouble });
  const blobs = tieredBlobs(local.blobs, fetcher);
  const artifacts = tieredArtifacts(local, blobs, fetcher);
  return {
    ...local,
    blobs,
    actions,
    artifacts,
    remotes: { settings, outagesDir },
    openedRemotes: remotes,
    uses: () => new Map(remotes.map(({ name, use }) => [name, use])),
    bring: (artifact, signal) => bring({ artifacts, local, fetcher }, artifact, signal),
    fetchBlob: (digest) => fetcher.fetch(digest),
    fetchAll: (key) => fetchAll({ actions, artifacts, local, fetcher }, key),
  };
}

/** How many files of an artifact are looked after together; how many are on their way, the fetcher says. */
const filesAtOnce = 64;

async function bring(
  parts: Pick<Store, 'artifacts'> & { readonly local: Store; readonly fetcher: BlobFetcher },
  artifact: Digest,
  signal: AbortSignal,
): Promise<void> {
  const { artifacts, local, fetcher } = parts;
  const found = await artifacts.manifest(artifact);
  if (found.kind !== 'found') return;
  const digests = new Set(found.manifest.files.map(({ sha256 }) => sha256));
  await firstAnswer(digests, filesAtOnce, async (digest) => {
    if (signal.aborted) return 'aborted';
    if (!(await local.blobs.has(digest))) await fetcher.fetch(digest, signal);
    return undefined;
  });
}

async function fetchAll(
  {
    actions,
    artifacts,
    local,
    fetcher,
  }: Pick<Store, 'actions' | 'artifacts'> & {
    readonly local: Store;
    readonly fetcher: BlobFetcher;
  },
  key: TaskKey,
): Promise<FetchedAll> {
  const found = await actions.get(key);
  if (found.kind === 'store-failure') return found;
  if (found.kind !== 'found') return { kind: 'partial' };
  const { outputs, provenance } = found.result;
  let isWhole = true;
  // What tells how it came to be: its lack spoils nothing.
  const wanted = new Set([
    key as string as Digest,
    ...(provenance.log === undefined ? [] : [provenance.log]),
  ]);
  for (const digest of wanted) {
    const fetched = await bring(digest);
    if (fetched.kind === 'store-failure') return fetched;
  }
  for (const output of Object.values(outputs)) {
    const manifest = await artifacts.manifest(output);
    if (manifest.kind === 'store-failure') return manifest;
    if (manifest.kind !== 'found') {
      isWhole = false;
      continue;
    }
    const digests = new Set(manifest.manifest.files.map(({ sha256 }) => sha256));
    const failure = await firstAnswer(digests, filesAtOnce, async (digest) => {
      const fetched = await bring(digest);
      if (fetched.kind === 'absent') isWhole = false;
      return fetched.kind === 'store-failure' ? fetched : undefined;
    });
    if (failure !== undefined) return failure;
  }
  return { kind: isWhole ? 'whole' : 'partial' };

  async function bring(digest: Digest): Promise<FetchedBlob> {
    return (await local.blobs.has(digest)) ? { kind: 'fetched' } : await fetcher.fetch(digest);
  }
}

function tieredBlobs(local: BlobStore, fetcher: BlobFetcher): BlobStore {
  return {
    ...local,
    has: async (digest) => (await local.has(digest)) || (await fetcher.areThere([digest])),
    read: (digest) => fetcher.orFetch(digest, () => local.read(digest)),
    copyTo: (digest, path) => fetcher.orFetch(digest, () => local.copyTo(digest, path)),
  };
}

function tieredArtifacts(local: Store, blobs: BlobStore, fetcher: BlobFetcher): ArtifactStore {
  const manifest: ArtifactStore['manifest'] = async (digest) => {
    const found = await readManifest(blobs, digest);
    if (found.kind === 'found') fetcher.expect(found.manifest);
    return found;
  };
  return {
    ...local.artifacts,
    manifest,
    async materialise(digest, dir) {
      const found = await manifest(digest);
      return found.kind === 'found'
        ? await materialise(blobs, { digest, manifest: found.manifest, dir })
        : found;
    },
    async isComplete(digest) {
      const found = await manifest(digest);
      if (found.kind !== 'found') return false;
      const lacking: Digest[] = [];
      for (const { sha256 } of found.manifest.files)
        if (!(await local.blobs.has(sha256))) lacking.push(sha256);
      return await fetcher.areThere(lacking);
    },
  };
}
