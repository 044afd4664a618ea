import { rm } from 'node:fs/promises';
import type { ArtifactStore, ManifestResult } from '../artifact-store.ts';
import type { BlobStore } from '../blob-store.ts';
import type { Digest } from '../digest.ts';
import { decodeManifest } from '../manifest-codec.ts';
import { guarded } from '../system-error.ts';
import { firstAnswer } from './concurrently.ts';
import type { FileCopier } from './copy-file.ts';
import { materialise } from './materialise.ts';
import { putTree } from './put-tree.ts';
import { blobPath } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';

export interface ArtifactStoreParts {
  readonly folder: StoreFolder;
  readonly copier: FileCopier;
  readonly blobs: BlobStore;
  /** What `drop` has to spare whatever the caller says; undefined where that is not known. Throws system errors. */
  readonly pinned: () => Promise<readonly Digest[] | undefined>;
}

/** Trees of files as blobs, plus one blob that lists them. */
export function localArtifactStore({ folder, copier, blobs, pinned }: ArtifactStoreParts): ArtifactStore {
  return {
    putTree: (dir, options) => putTree({ folder, copier }, dir, options),
    manifest: (digest) => readManifest(blobs, digest),
    async materialise(digest, dir) {
      const found = await readManifest(blobs, digest);
      return found.kind === 'found'
        ? await materialise(blobs, { digest, manifest: found.manifest, dir })
        : found;
    },
    isComplete: (digest) => isComplete(blobs, digest),
    async drop(digest, options) {
      await guarded(folder.root, async () => {
        const pins = await pinned();
        if (pins === undefined) return;
        const kept = [...pins, ...(options?.sparing ?? [])];
        const spared = new Set([...kept, ...(await blobsOf(blobs, kept))]);
        for (const blob of await blobsOf(blobs, [digest])) {
          if (!spared.has(blob)) await rm(blobPath(folder, blob), { force: true });
        }
      });
    },
  };
}

/** The manifest among any blobs. */
export async function readManifest(blobs: BlobStore, digest: Digest): Promise<ManifestResult> {
  const read = await blobs.read(digest);
  if (read.kind !== 'found') return read;
  const decoded = decodeManifest(read.bytes);
  return decoded.kind === 'decoded'
    ? { kind: 'found', manifest: decoded.manifest }
    : { kind: 'not-a-manifest', digest, problems: decoded.problems };
}

async function isComplete(blobs: BlobStore, digest: Digest): Promise<boolean> {
  const found = await readManifest(blobs, digest);
  if (found.kind !== 'found') return false;
  const missing = await firstAnswer(found.manifest.files, 8, async ({ sha256 }) =>
    (await blobs.has(sha256)) ? undefined : sha256,
  );
  return missing === undefined;
}

/** The files' blobs of some artifacts; what is no readable artifact has none. */
async function blobsOf(blobs: BlobStore, artifacts: readonly Digest[]): Promise<ReadonlySet<Digest>> {
  const digests = new Set<Digest>();
  for (const artifact of artifacts) {
    const found = await readManifest(blobs, artifact);
    if (found.kind === 'found') for (const { sha256 } of found.manifest.files) digests.add(sha256);
  }
  return digests;
}
