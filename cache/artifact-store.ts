import type { AbsentOrCorrupt } from './blob-store.ts';
import type { Digest } from './digest.ts';
import type { StoreFailure } from './failures.ts';
import type { Manifest } from './manifest.ts';

/** Artifacts: trees of regular files, named by the digest of their manifest. */
export interface ArtifactStore {
  /** Stores every file under `dir`, then the manifest. Refuses links, `..`, case collisions, non-NFC names. */
  putTree(dir: string, options?: PutOptions): Promise<PutTreeResult>;
  manifest(digest: Digest): Promise<ManifestResult>;
  /** Copies the verified tree into `dir` (created; must be absent or empty). */
  materialise(digest: Digest, dir: string): Promise<MaterialiseResult>;
  /** Whether the manifest and every blob it names are there (existence only). */
  isComplete(digest: Digest): Promise<boolean>;
  /**
   * Removes the files' blobs of an artifact that no longer needs keeping; its manifest and action results stay. Blobs
   * that a pinned artifact, or one of `sparing`, also holds are left. Best effort: what cannot be removed stays.
   */
  drop(digest: Digest, options?: { readonly sparing?: readonly Digest[] }): Promise<void>;
}

export interface PutOptions {
  /**
   * Whether the bytes have to be on the disk when the promise resolves; default: yes. Otherwise a power cut may take them, or
   * leave files that are not what their digests say, which whoever reads them finds.
   */
  readonly synced?: boolean;
}

export type PutTreeResult =
  | {
      readonly kind: 'stored';
      readonly digest: Digest;
      readonly manifest: Manifest;
      readonly sizeBytes: number;
    }
  | { readonly kind: 'invalid-tree'; readonly problems: readonly string[] }
  | StoreFailure;

export type ManifestResult =
  { readonly kind: 'found'; readonly manifest: Manifest } | AbsentOrCorrupt | NotAManifest | StoreFailure;
export type MaterialiseResult =
  | { readonly kind: 'materialised'; readonly manifest: Manifest }
  | AbsentOrCorrupt
  | NotAManifest
  | StoreFailure;

/** The blob is intact, but it is no manifest, or one that would write outside its folder. Nothing was written. */
export interface NotAManifest {
  readonly kind: 'not-a-manifest';
  readonly digest: Digest;
  readonly problems: readonly string[];
}
