import { existsSync } from 'node:fs';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TaskKey } from '../digest.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import { decodeManifest, encodeManifest, makeManifest } from '../manifest-codec.ts';
import type { ManifestFile } from '../manifest.ts';
import { errorCode, guarded } from '../system-error.ts';
import { askAnew } from './ask-anew.ts';
import { hashFile } from './hash-file.ts';
import { moveAside } from './quarantine.ts';
import { folderPath, makeFolder, randomName, share } from './store-folder.ts';
import type { StoreFolder } from '../store.ts';
import { syncFolder } from './sync-folder.ts';
import { temporaryPrefix } from './temporary-file.ts';
import { namesNow } from './names-in.ts';
import { walkTree } from './walk-tree.ts';

const kept = 2;

/** Snapshots as folders `partial/KEY/n`, with the task's own files under `files` and their checksums beside. */
export function localSnapshotStore(folder: StoreFolder): SnapshotStore {
  return {
    save: (key, write) => guarded(ofKey(folder, key), () => save(folder, key, write)),
    async newest(key, onDamaged) {
      askAnew(folderPath(folder, 'partial'));
      for (const number of numbersOf(folder, key).toReversed()) {
        const path = `${ofKey(folder, key)}/${number}`;
        if (await isIntact(path)) return { dir: `${path}/files`, number };
        const movedTo = await setAside(folder, path);
        onDamaged?.(movedTo);
      }
      return undefined;
    },
    async clear(key) {
      // Few tasks ever have one.
      if (existsSync(ofKey(folder, key))) await removeTree(ofKey(folder, key));
    },
  };
}

async function save(
  folder: StoreFolder,
  key: TaskKey,
  write: (dir: string) => Promise<void>,
): Promise<{ readonly kind: 'saved'; readonly number: number }> {
  const home = ofKey(folder, key);
  await makeFolder(home, folder.sharing);
  const temporary = `${home}/${randomName(temporaryPrefix)}`;
  await makeFolder(temporary, folder.sharing);
  try {
    const files = `${temporary}/files`;
    await makeFolder(files, folder.sharing);
    await write(files);
    await writeFile(`${temporary}/checksums.json`, await seal(folder, files));
    await syncFile(folder, `${temporary}/checksums.json`);
    syncFolder(temporary);
    const number = await publish(home, temporary);
    const superseded = numbersOf(folder, key).slice(0, -kept);
    for (const old of superseded) await removeTree(`${home}/${old}`);
    return { kind: 'saved', number };
  } finally {
    await removeTree(temporary);
  }
}

/** Renames to the next free number; another writer of the same key may have been quicker. */
async function publish(home: string, temporary: string): Promise<number> {
  for (let number = highest(namesNow(home)) + 1; ; number++) {
    try {
      await rename(temporary, `${home}/${number}`);
      syncFolder(home);
      return number;
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    }
  }
}

/** Syncs every file of a tree, makes it read-only, and answers the manifest that its checksums are. */
async function seal(folder: StoreFolder, root: string): Promise<string> {
  const { paths, problems } = walkTree(root);
  const files: ManifestFile[] = [];
  for (const path of paths) {
    await syncFile(folder, `${root}/${path}`);
    const { digest, sizeBytes } = await hashFile(`${root}/${path}`);
    files.push({ path, size: sizeBytes, sha256: digest });
  }
  for (const inner of foldersOf(paths)) {
    await share(`${root}/${inner}`, folder, 0o2775);
    syncFolder(`${root}/${inner}`);
  }
  const made = makeManifest(files);
  const wrong = made.kind === 'invalid' ? [...problems, ...made.problems] : problems;
  if (made.kind === 'invalid' || wrong.length > 0) {
    throw new Error(`a snapshot may hold plain files only: ${wrong.join('; ')}`);
  }
  return encodeManifest(made.manifest);
}

/** Every folder above some relative paths, the root as '.'. */
function foldersOf(paths: readonly string[]): ReadonlySet<string> {
  const folders = new Set(['.']);
  for (const path of paths) {
    for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
  }
  return folders;
}

/** Whether the files are those of the checksums, neither more nor fewer. */
export async function isIntact(snapshot: string): Promise<boolean> {
  const checked = await guarded(snapshot, async () => {
    const decoded = decodeManifest(await readFile(`${snapshot}/checksums.json`));
    if (decoded.kind === 'invalid') return false;
    const { files } = decoded.manifest;
    const { paths } = walkTree(`${snapshot}/files`);
    if (paths.length !== files.length) return false;
    for (const { path, sha256 } of files) {
      if ((await hashFile(`${snapshot}/files/${path}`)).digest !== sha256) return false;
    }
    return true;
  });
  return checked === true;
}

async function syncFile(folder: StoreFolder, path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.chmod(folder.sharing === 'group' ? 0o444 : (await handle.stat()).mode & 0o444);
  await handle.sync();
}

async function setAside(folder: StoreFolder, path: string): Promise<string> {
  const found = await guarded(path, () => stat(path));
  return 'kind' in found ? path : await moveAside(folder, path, found.ino);
}

/** Ascending. */
function numbersOf(folder: StoreFolder, key: TaskKey): readonly number[] {
  const names = namesNow(ofKey(folder, key));
  return names.flatMap((name) => numberIn(name) ?? []).sort((a, b) => a - b);
}

function highest(names: readonly string[]): number {
  return Math.max(0, ...names.flatMap((name) => numberIn(name) ?? []));
}

function numberIn(name: string): number | undefined {
  return /^[1-9][0-9]{0,8}$/.test(name) ? Number(name) : undefined;
}

function ofKey(folder: StoreFolder, key: TaskKey): string {
  return `${folderPath(folder, 'partial')}/${key}`;
}

/** Best effort: what stays is removed by garbage collection. */
async function removeTree(path: string): Promise<void> {
  await guarded(path, () => rm(path, { recursive: true, force: true }));
}
