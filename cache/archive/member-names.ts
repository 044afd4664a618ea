import { parseDigest, parseTaskKey } from '../digest.ts';
import type { Digest, TaskKey } from '../digest.ts';
import { treePathProblem } from '../tree-path.ts';

/** What a member of an archive is, by its name within the archive's one folder. */
export type MemberRole =
  | { readonly kind: 'contents' }
  | { readonly kind: 'blob'; readonly digest: Digest }
  | { readonly kind: 'result'; readonly key: TaskKey }
  /** A result as a member of a team has signed it. */
  | { readonly kind: 'signature'; readonly key: TaskKey }
  /** Listed in `archive.json`. */
  | { readonly kind: 'file'; readonly path: string };

export const contentsName = 'archive.json';

export function blobName(digest: Digest): string {
  return `blobs/${digest.slice(0, 2)}/${digest}`;
}

export function resultName(key: TaskKey): string {
  return `results/${key.slice(0, 2)}/${key}`;
}

export function signatureName(key: TaskKey, fingerprint: string): string {
  return `${resultName(key)}.${fingerprint}`;
}

/**
 * Undefined where a member of that name may be in no archive: it leads elsewhere, or says nothing. `outside`: of the one folder that
 * all lies in.
 */
export function roleOf(name: string, kind: 'file' | 'folder'): MemberRole | 'folder' | 'outside' | undefined {
  const plain = name.replace(/^(?:\.\/+)+/, '').replace(/\/+$/, '');
  if (plain === '' || plain === '.') return name.startsWith('/') || kind === 'file' ? undefined : 'folder';
  if (treePathProblem(plain) !== undefined) return undefined;
  if (kind === 'folder') return 'folder';
  const slash = plain.indexOf('/');
  return slash === -1 ? 'outside' : roleWithin(plain.slice(slash + 1));
}

function roleWithin(path: string): MemberRole | undefined {
  if (path === contentsName) return { kind: 'contents' };
  const [room, shard, name = '', ...more] = path.split('/');
  if (room !== 'blobs' && room !== 'results') return { kind: 'file', path };
  if (more.length > 0 || shard !== name.slice(0, 2)) return undefined;
  const [plain = '', fingerprint] = name.split('.');
  const digest = parseDigest(plain);
  const key = parseTaskKey(plain);
  if (digest === undefined || key === undefined) return undefined;
  if (room === 'blobs') return name === plain ? { kind: 'blob', digest } : undefined;
  if (fingerprint === undefined) return { kind: 'result', key };
  return name === `${plain}.${fingerprint}` && /^[0-9a-f]{16}$/.test(fingerprint)
    ? { kind: 'signature', key }
    : undefined;
}
