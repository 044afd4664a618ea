import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Names of the folders in `dir`, hidden ones left out, in code-unit order; undefined where `dir` is no folder. */
export async function foldersIn(dir: string): Promise<readonly string[] | undefined> {
  return namesIn(dir, 'folder');
}

/** Names of the files in `dir`, hidden ones left out, in code-unit order; undefined where `dir` is no folder. */
export async function filesIn(dir: string): Promise<readonly string[] | undefined> {
  return namesIn(dir, 'file');
}

const imageName = /\.(?:jpe?g|png|webp|tiff?)$/i;

/** Names of the images in `dir`. */
export async function imagesIn(dir: string): Promise<readonly string[] | undefined> {
  return (await filesIn(dir))?.filter((name) => imageName.test(name));
}

/** Paths of the images in a folder under the root, at any depth; a folder's own before those of its folders. */
export async function imagesUnder(root: string, folder: string): Promise<readonly string[]> {
  return (await filesUnder(root, folder)).filter((path) => imageName.test(path));
}

/** The same for files of any kind. Empty where there is no such folder. */
export async function filesUnder(root: string, folder: string): Promise<readonly string[]> {
  const dir = join(root, folder);
  const paths = ((await filesIn(dir)) ?? []).map((name) => `${folder}/${name}`);
  for (const name of (await foldersIn(dir)) ?? [])
    paths.push(...(await filesUnder(root, `${folder}/${name}`)));
  return paths;
}

async function namesIn(dir: string, wanted: 'file' | 'folder'): Promise<readonly string[] | undefined> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  if (entries === undefined) return undefined;
  const names: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    // Large data sets are often folders of links.
    const target = entry.isSymbolicLink() ? await stat(join(dir, entry.name)).catch(() => undefined) : entry;
    if (wanted === 'file' ? target?.isFile() : target?.isDirectory()) names.push(entry.name);
  }
  return names.sort(byCodeUnit);
}

/** The order of `sort()`, which unlike a locale's is the same on every machine. */
function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isAbsent(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
