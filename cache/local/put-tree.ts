import type { PutTreeResult } from '../artifact-store.ts';
import type { BlobStore } from '../blob-store.ts';
import { encodeManifest, makeManifest } from '../manifest-codec.ts';
import type { ManifestFile } from '../manifest.ts';
import { guarded } from '../system-error.ts';
import { collisions, treePathProblem } from '../tree-path.ts';
import { firstAnswer } from './concurrently.ts';
import { walkTree } from './walk-tree.ts';

/** Stores the files first and the manifest last: a manifest that is there names blobs that were there. */
export function putTree(blobs: BlobStore, dir: string): Promise<PutTreeResult> {
  return guarded(dir, async () => {
    const { paths, problems } = await walkTree(dir);
    const refused = [...problems, ...pathProblems(paths)];
    if (refused.length > 0) return { kind: 'invalid-tree', problems: refused };

    const files: ManifestFile[] = [];
    const failure = await firstAnswer(paths, 8, async (path) => {
      const put = await blobs.putFile(`${dir}/${path}`);
      if (put.kind === 'store-failure') return put;
      files.push({ path, size: put.sizeBytes, sha256: put.digest });
      return undefined;
    });
    if (failure !== undefined) return failure;

    const made = makeManifest(files);
    if (made.kind === 'invalid') return { kind: 'invalid-tree', problems: made.problems };
    const put = await blobs.putBytes(encodeManifest(made.manifest));
    if (put.kind === 'store-failure') return put;
    const sizeBytes = files.reduce((sum, { size }) => sum + size, 0);
    return { kind: 'stored', digest: put.digest, manifest: made.manifest, sizeBytes };
  });
}

function pathProblems(paths: readonly string[]): readonly string[] {
  const problems = paths.flatMap((path) => {
    const problem = treePathProblem(path);
    return problem === undefined ? [] : [`${JSON.stringify(path)} ${problem}`];
  });
  return [...problems, ...collisions(paths)];
}
