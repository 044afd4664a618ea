import type { ArtifactStore } from '../artifact-store.ts';
import type { Digest } from '../digest.ts';
import type { StoreFailure } from '../failures.ts';
import { listActionKeys } from '../local/local-action-store.ts';
import type { StoreFolder } from '../store.ts';

export interface Marked {
  readonly kind: 'marked';
  /** Digests of the blobs that must stay. */
  readonly live: ReadonlySet<string>;
  /** Roots that are not there (any more): nothing of them can be kept. */
  readonly missing: readonly Digest[];
}

export interface MarkRequest {
  readonly folder: StoreFolder;
  readonly artifacts: ArtifactStore;
  readonly roots: Iterable<Digest>;
}

/**
 * What can be reached: each root and, where it is an artifact, its files; besides, the action of every result, which is
 * small, and without which nobody could tell any more why a task has run. Throws system errors.
 */
export async function markLive({ folder, artifacts, roots }: MarkRequest): Promise<Marked | StoreFailure> {
  const live = new Set<string>();
  const missing: Digest[] = [];
  for (const root of new Set(roots)) {
    live.add(root);
    const found = await artifacts.manifest(root);
    switch (found.kind) {
      case 'found':
        for (const { sha256 } of found.manifest.files) live.add(sha256);
        break;
      case 'not-a-manifest':
        // A single blob: a log, an action.
        break;
      case 'absent':
      case 'corrupt':
        missing.push(root);
        break;
      case 'store-failure':
        // Its files would look unreachable.
        return found;
    }
  }
  for await (const key of listActionKeys(folder)) live.add(key);
  return { kind: 'marked', live, missing };
}
