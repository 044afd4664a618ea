import type { Digest } from '../../cache/digest.ts';
import type { Manifest, ManifestFile } from '../../cache/manifest.ts';
import type { Store } from '../../cache/store.ts';
import type { MadeOutput } from '../../engine/worker/rehearse-job.ts';

/** How an output that was made again compares with the one that is recorded. */
export type OutputComparison =
  | { readonly kind: 'same' }
  | { readonly kind: 'nothing-recorded' }
  /** `files` is undefined where the recorded manifest is not in the store any more. */
  | {
      readonly kind: 'differs';
      readonly recorded: Digest;
      readonly files: readonly FileDifference[] | undefined;
    };

export interface FileDifference {
  readonly path: string;
  readonly how: 'changed' | 'added' | 'missing';
}

export async function compareMade(
  store: Store,
  made: MadeOutput,
  recorded: Digest | undefined,
): Promise<OutputComparison> {
  if (recorded === undefined) return { kind: 'nothing-recorded' };
  if (recorded === made.digest) return { kind: 'same' };
  const found = await store.artifacts.manifest(recorded);
  const files = found.kind === 'found' ? differingFiles(found.manifest, made.manifest) : undefined;
  return { kind: 'differs', recorded, files };
}

function differingFiles(before: Manifest, after: Manifest): readonly FileDifference[] {
  const then = byPath(before);
  const now = byPath(after);
  return [...new Set([...then.keys(), ...now.keys()])].sort().flatMap((path): readonly FileDifference[] => {
    const [one, other] = [then.get(path), now.get(path)];
    if (one === undefined) return [{ path, how: 'added' }];
    if (other === undefined) return [{ path, how: 'missing' }];
    return one.sha256 === other.sha256 ? [] : [{ path, how: 'changed' }];
  });
}

function byPath({ files }: Manifest): ReadonlyMap<string, ManifestFile> {
  return new Map(files.map((file) => [file.path, file]));
}
