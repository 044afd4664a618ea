import { mkdirSync, readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { MaterialiseResult } from '../artifact-store.ts';
import type { BlobStore } from '../blob-store.ts';
import type { Digest } from '../digest.ts';
import type { Manifest } from '../manifest.ts';
import { makeFolders } from '../make-folders.ts';
import { errorCode, guarded } from '../system-error.ts';
import { firstAnswer } from './concurrently.ts';

export interface MaterialiseRequest {
  readonly digest: Digest;
  /** As decoded, and thereby harmless. */
  readonly manifest: Manifest;
  /** Absent or empty. */
  readonly dir: string;
}

/** Copies a tree into a folder. All of it is there afterwards, or nothing. */
export function materialise(blobs: BlobStore, request: MaterialiseRequest): Promise<MaterialiseResult> {
  const { manifest, dir } = request;
  return guarded<MaterialiseResult>(dir, async () => {
    const created = isMadeAtOnce(dir) || (await makeFolders(dir));
    if (!created && readdirSync(dir).length > 0) {
      return { kind: 'store-failure', reason: 'io', path: dir, detail: 'the folder is not empty' };
    }
    let complete = false;
    try {
      const failure = await copyFiles(blobs, request);
      complete = failure === undefined;
      return failure ?? { kind: 'materialised', manifest };
    } finally {
      if (!complete) await empty(dir, created);
    }
  });
}

/** What is there, or has to be made with those above it, is left to others. */
function isMadeAtOnce(dir: string): boolean {
  try {
    mkdirSync(dir);
    return true;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}

async function copyFiles(
  blobs: BlobStore,
  { digest, manifest: { files }, dir }: MaterialiseRequest,
): Promise<Exclude<MaterialiseResult, { readonly kind: 'materialised' }> | undefined> {
  for (const folder of new Set(files.map(({ path }) => dirname(path)))) {
    if (folder !== '.') mkdirSync(`${dir}/${folder}`, { recursive: true });
  }
  return await firstAnswer(files, 8, async ({ path, size, sha256 }) => {
    const copied = await blobs.copyTo(sha256, `${dir}/${path}`);
    if (copied.kind !== 'copied') return copied;
    if (copied.sizeBytes === size) return undefined;
    const problem = `'${path}' is of ${copied.sizeBytes} bytes, where the manifest says ${size}`;
    return { kind: 'not-a-manifest' as const, digest, problems: [problem] };
  });
}

async function empty(dir: string, andRemove: boolean): Promise<void> {
  const paths = andRemove ? [dir] : (await readdir(dir)).map((name) => `${dir}/${name}`);
  for (const path of paths) await rm(path, { recursive: true, force: true });
}
