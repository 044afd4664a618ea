import type { Digest } from '../digest.ts';
import { makeManifest, manifestDigest } from '../manifest-codec.ts';
import type { Manifest, ManifestFile } from '../manifest.ts';
import { firstAnswer } from './concurrently.ts';
import { hashFile } from './hash-file.ts';
import { walkTree } from './walk-tree.ts';

export type DigestedTree =
  | { readonly kind: 'digested'; readonly digest: Digest; readonly manifest: Manifest }
  | { readonly kind: 'invalid-tree'; readonly problems: readonly string[] };

/** What `putTree` would call a folder, without storing anything. Throws system errors. */
export async function digestTree(dir: string): Promise<DigestedTree> {
  const { paths, problems } = walkTree(dir);
  if (problems.length > 0) return { kind: 'invalid-tree', problems };
  const files: ManifestFile[] = [];
  await firstAnswer(paths, 8, async (path) => {
    const { digest, sizeBytes } = await hashFile(`${dir}/${path}`);
    files.push({ path, size: sizeBytes, sha256: digest });
    return undefined;
  });
  const made = makeManifest(files);
  if (made.kind === 'invalid') return { kind: 'invalid-tree', problems: made.problems };
  return { kind: 'digested', digest: manifestDigest(made.manifest), manifest: made.manifest };
}
