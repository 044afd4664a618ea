import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { collisions, treePathProblem } from '../../cache/tree-path.ts';

export type LaidOutStudy =
  | { readonly kind: 'laid-out'; readonly files: readonly string[] }
  /** Another file lies in the way, or a name is none that every system has. Nothing was written. */
  | { readonly kind: 'in-the-way'; readonly path: string; readonly why: string };

/** Writes a study's files into a folder. What is there with the same bytes stays, and nothing is overwritten. Throws system errors. */
export async function layOutStudy(
  files: ReadonlyMap<string, Uint8Array>,
  dir: string,
): Promise<LaidOutStudy> {
  const [collision] = collisions(files.keys());
  if (collision !== undefined) return { kind: 'in-the-way', path: dir, why: collision };
  for (const [name, content] of files) {
    const path = join(dir, name);
    const problem = treePathProblem(name);
    if (problem !== undefined) return { kind: 'in-the-way', path, why: `its name ${problem}` };
    if (existsSync(path) && !(await readFile(path)).equals(content))
      return { kind: 'in-the-way', path, why: 'another file of that name is there' };
  }
  for (const [name, content] of files) {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    if (!existsSync(path)) await writeFile(path, content, { flag: 'wx' });
  }
  return { kind: 'laid-out', files: [...files.keys()].map((name) => join(dir, name)) };
}
