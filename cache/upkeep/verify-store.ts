import type { Digest, TaskKey } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { hashFile } from '../local/hash-file.ts';
import { listBlobs } from '../local/list-blobs.ts';
import { listActionKeys } from '../local/local-action-store.ts';
import { moveAside } from '../local/quarantine.ts';
import { blobPath } from '../local/store-folder.ts';
import type { Store } from '../store.ts';
import { errorCode, guarded } from '../system-error.ts';
import { readPins } from './pins.ts';

export interface VerifyRequest {
  readonly store: Store;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: { readonly blobs: number; readonly bytes: number }) => void;
}

export interface VerifyReport {
  readonly kind: 'verified';
  readonly blobs: number;
  readonly bytes: number;
  readonly actions: number;
  /** Blobs whose bytes are not those of their digest, and where they lie now. */
  readonly corruptBlobs: readonly { readonly digest: Digest; readonly movedTo: string }[];
  readonly corruptActions: readonly { readonly key: TaskKey; readonly movedTo: string }[];
  /** Pins that keep something which is not (all) there. */
  readonly brokenPins: readonly { readonly name: string; readonly missing: readonly Digest[] }[];
  /** Pin files that cannot be read. */
  readonly damagedPins: readonly string[];
}

/** Reads everything in the store. What is bad is moved aside, so that it is absent, and named. */
export function verifyStore(request: VerifyRequest): Promise<VerifyReport | StoreFailure> {
  return guarded<VerifyReport | StoreFailure>(request.store.root, () => verify(request));
}

async function verify({ store, signal, onProgress }: VerifyRequest): Promise<VerifyReport | StoreFailure> {
  let blobs = 0;
  let bytes = 0;
  const corruptBlobs: { readonly digest: Digest; readonly movedTo: string }[] = [];
  for await (const { digest, sizeBytes } of listBlobs(store)) {
    const movedTo = await verifyBlob(store, digest, signal);
    if (movedTo !== undefined) corruptBlobs.push({ digest, movedTo });
    blobs += 1;
    bytes += sizeBytes;
    onProgress?.({ blobs, bytes });
  }

  let actions = 0;
  const corruptActions: { readonly key: TaskKey; readonly movedTo: string }[] = [];
  for await (const key of listActionKeys(store)) {
    signal?.throwIfAborted();
    const found = await store.actions.get(key);
    if (found.kind === 'store-failure') return found;
    if (found.kind === 'corrupt') corruptActions.push({ key, movedTo: found.movedTo });
    actions += 1;
  }

  const { pins, damaged } = await readPins(store);
  const brokenPins: { readonly name: string; readonly missing: readonly Digest[] }[] = [];
  for (const { name, digests } of pins) {
    const missing: Digest[] = [];
    for (const digest of digests) if (!(await isThere(store, digest))) missing.push(digest);
    if (missing.length > 0) brokenPins.push({ name, missing });
  }
  return {
    kind: 'verified',
    blobs,
    bytes,
    actions,
    corruptBlobs,
    corruptActions,
    brokenPins,
    damagedPins: damaged,
  };
}

/** Where a bad blob lies now; undefined for a good one. */
async function verifyBlob(
  store: Store,
  digest: Digest,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const path = blobPath(store, digest);
  try {
    const content = await hashFile(path, signal);
    return content.digest === digest ? undefined : await moveAside(store, path, content.inode);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function isThere({ artifacts }: Store, digest: Digest): Promise<boolean> {
  const found = await artifacts.manifest(digest);
  return found.kind === 'not-a-manifest' || (found.kind === 'found' && (await artifacts.isComplete(digest)));
}
