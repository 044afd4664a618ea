import type { PutOptions, PutTreeResult } from '../artifact-store.ts';
import { encodeManifest, makeManifest } from '../manifest-codec.ts';
import type { ManifestFile } from '../manifest.ts';
import { guarded } from '../system-error.ts';
import { collisions, treePathProblem } from '../tree-path.ts';
import { BlobBatch } from './blob-batch.ts';
import { firstAnswer } from './concurrently.ts';
import type { BlobPlace } from './put-blob.ts';
import { walkTree } from './walk-tree.ts';

/** Stores the files first and the manifest last: a manifest that is there names blobs that were there. */
export function putTree(
  { folder, copier }: BlobPlace,
  dir: string,
  options: PutOptions = {},
): Promise<PutTreeResult> {
  return guarded(dir, async () => {
    const { paths, problems } = walkTree(dir);
    const refused = [...problems, ...pathProblems(paths)];
    if (refused.length > 0) return { kind: 'invalid-tree', problems: refused };

    const files: ManifestFile[] = [];
    using batch = new BlobBatch(folder, copier, options);
    await firstAnswer(paths, 8, async (path) => {
      const { digest, sizeBytes } = await batch.addFile(`${dir}/${path}`);
      files.push({ path, size: sizeBytes, sha256: digest });
      return undefined;
    });

    const made = makeManifest(files);
    if (made.kind === 'invalid') return { kind: 'invalid-tree', problems: made.problems };
    const { digest } = await batch.add(encodeManifest(made.manifest));
    await batch.publish();
    const sizeBytes = files.reduce((sum, { size }) => sum + size, 0);
    return { kind: 'stored', digest, manifest: made.manifest, sizeBytes };
  });
}

function pathProblems(paths: readonly string[]): readonly string[] {
  const problems = paths.flatMap((path) => {
    const problem = treePathProblem(path);
    return problem === undefined ? [] : [`${JSON.stringify(path)} ${problem}`];
  });
  return [...problems, ...collisions(paths)];
}
