import { renameSync, rmSync, statSync } from 'node:fs';
import { readdir, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { CopyResult } from '../cache/blob-store.ts';
import type { MaterialiseResult } from '../cache/artifact-store.ts';
import type { Digest } from '../cache/digest.ts';
import type { ManifestFile } from '../cache/manifest.ts';
import type { Store } from '../cache/store.ts';
import { hashFile } from '../cache/local/hash-file.ts';
import { makeFolders } from '../cache/make-folders.ts';
import { guarded } from '../cache/system-error.ts';
import { deliveredName } from './delivered-name.ts';
import type { Dressing } from './study-record/dresser.ts';

export type PlacedArtifact =
  | {
      readonly kind: 'placed';
      /** The file, or the folder that holds them all. */
      readonly path: string;
      readonly files: readonly string[];
      /** Why it lies there as it is in the store, where it was to be dressed. */
      readonly undressed?: string;
    }
  /** `why` its bytes cannot be had: made again, they can. */
  | { readonly kind: 'lost'; readonly why: string }
  | { readonly kind: 'problem'; readonly problem: string };

/** An artifact of one file becomes that file under its name (`report/report.html` -> `report.html`), any other a folder. */
export async function placeArtifact(request: {
  readonly store: Store;
  readonly digest: Digest;
  readonly outDir: string;
  readonly name: string;
  readonly dressing: Dressing | undefined;
}): Promise<PlacedArtifact> {
  const { store, digest, outDir, name, dressing } = request;
  const found = await store.artifacts.manifest(digest);
  const only =
    found.kind === 'found' && found.manifest.files.length === 1 ? found.manifest.files[0] : undefined;
  const single = only !== undefined && extname(only.path) !== '' ? only : undefined;
  const path = join(outDir, deliveredName(name, single === undefined ? '' : extname(single.path)));
  if (dressing === undefined && single !== undefined && (await holds(path, single)))
    return { kind: 'placed', path, files: [path] };
  let undressed: string | undefined;
  const dress = async (dir: string): Promise<void> => {
    undressed = await dressing?.dress(dir);
  };
  const result =
    found.kind !== 'found'
      ? found
      : single === undefined
        ? await materialiseOver({ store, digest, dir: path, before: dress })
        : dressing === undefined
          ? await copyOver(store, single.sha256, path)
          : await materialiseOver({ store, digest, dir: path, before: dress, only: single.path });
  const how = undressed === undefined ? {} : { undressed };
  switch (result.kind) {
    case 'copied':
      return { kind: 'placed', path, files: [path] };
    case 'materialised': {
      // What dressed it may have laid files beside its own.
      const inside =
        dressing === undefined || single !== undefined
          ? result.manifest.files.map((file) => join(path, file.path))
          : await filesUnder(path);
      return { kind: 'placed', path, files: single === undefined ? inside : [path], ...how };
    }
    case 'absent':
      return { kind: 'lost', why: 'its bytes are not in the store any more; made again' };
    case 'corrupt':
      return {
        kind: 'lost',
        why: `its bytes were damaged in the store and moved to ${result.movedTo}; made again`,
      };
    case 'not-a-manifest':
      return { kind: 'problem', problem: `${path}: ${result.problems.join('; ')}` };
    case 'store-failure':
      return { kind: 'problem', problem: `${result.path}: ${result.detail}` };
  }
}

async function filesUnder(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Whether the file is there already, byte for byte. */
async function holds(path: string, file: ManifestFile): Promise<boolean> {
  try {
    // At one go: mostly there is nothing, and thousands are asked for.
    const size = statSync(path, { throwIfNoEntry: false })?.size;
    return size === file.size && (await hashFile(path)).digest === file.sha256;
  } catch {
    return false;
  }
}

/** Writes one file, in place of what is there, so that a reader sees the old one or the new one. */
function copyOver(store: Store, digest: Digest, path: string): Promise<CopyResult> {
  return guarded<CopyResult>(path, async () => {
    const fresh = await freshBeside(path);
    try {
      const result = await store.blobs.copyTo(digest, fresh);
      if (result.kind === 'copied') renameSync(fresh, path);
      return result;
    } catch (error) {
      rmSync(fresh, { force: true });
      throw error;
    }
  });
}

/** Writes an artifact to `dir`, in place of what is there, so that a reader sees the old tree or the new one. */
export function materialiseOver(request: {
  readonly store: Store;
  readonly digest: Digest;
  readonly dir: string;
  /** What is done to the tree before it comes to lie there. */
  readonly before?: (tree: string) => Promise<void>;
  /** The file of the tree that is wanted, in place of the whole. */
  readonly only?: string;
}): Promise<MaterialiseResult> {
  const { store, digest, dir, before, only } = request;
  return guarded<MaterialiseResult>(dir, async () => {
    const fresh = await freshBeside(dir);
    try {
      const result = await store.artifacts.materialise(digest, fresh);
      if (result.kind !== 'materialised') return result;
      await before?.(fresh);
      if (only === undefined) await rm(dir, { recursive: true, force: true });
      await rename(only === undefined ? fresh : join(fresh, only), dir);
      return result;
    } finally {
      await rm(fresh, { recursive: true, force: true });
    }
  });
}

/** A short name for what is not finished, in the folder of its later place, which is made. */
async function freshBeside(path: string): Promise<string> {
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) await makeFolders(folder);
  return join(folder, `.sweetspot-${randomBytes(6).toString('hex')}`);
}
