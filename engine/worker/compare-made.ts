import type { Digest } from '../../cache/digest.ts';
import type { Manifest, ManifestFile } from '../../cache/manifest.ts';
import type { Store } from '../../cache/store.ts';
import type { FileDifference } from './protocol.ts';
import type { MadeOutput } from './rehearse-job.ts';

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
    if (one?.sha256 === other?.sha256) return [];
    const recorded = one === undefined ? {} : { recordedBytes: one.size };
    const made = other === undefined ? {} : { madeBytes: other.size };
    const how = one === undefined ? 'added' : other === undefined ? 'missing' : 'changed';
    return [{ path, how, ...recorded, ...made }];
  });
}

function byPath({ files }: Manifest): ReadonlyMap<string, ManifestFile> {
  return new Map(files.map((file) => [file.path, file]));
}
