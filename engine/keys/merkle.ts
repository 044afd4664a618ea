import { canonicalJson } from '../../cache/canonical-json.ts';
import { digestOf } from '../../cache/digest.ts';
import type { Digest } from '../../cache/digest.ts';

interface Folder {
  readonly files: Map<string, Digest>;
  readonly folders: Map<string, Folder>;
}

/**
 * The Merkle digest of a set of files: each folder is the canonical JSON of its files' and its folders' digests by
 * name, so that the order of listing does not matter. Paths are relative and `/`-separated.
 */
export function merkleDigest(files: Iterable<{ readonly path: string; readonly sha256: Digest }>): Digest {
  const top = emptyFolder();
  for (const { path, sha256 } of files) {
    const segments = path.split('/');
    const name = segments.pop();
    if (name === undefined) continue;
    let folder = top;
    for (const segment of segments) {
      let next = folder.folders.get(segment);
      if (next === undefined) folder.folders.set(segment, (next = emptyFolder()));
      folder = next;
    }
    folder.files.set(name, sha256);
  }
  return folderDigest(top);
}

function emptyFolder(): Folder {
  return { files: new Map(), folders: new Map() };
}

function folderDigest(folder: Folder): Digest {
  const folders = [...folder.folders].map(([name, inner]) => [name, folderDigest(inner)] as const);
  return digestOf(
    canonicalJson({ files: Object.fromEntries(folder.files), folders: Object.fromEntries(folders) }),
  );
}
