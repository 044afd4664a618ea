import { readFile, stat } from 'node:fs/promises';
import { dirname, relative, sep } from 'node:path';
import { treePathProblem } from '../../cache/tree-path.ts';
import type { NamedFile } from '../../engine/keys/file-digests.ts';

/** A larger file that a task names (a checkpoint, say) is not taken along. */
const mostBytes = 4 * 1024 * 1024;

export interface StudyFiles {
  /** The folder that they have their names from: the deepest one that holds the study and its templates. */
  readonly base: string;
  /** By name, sorted. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Files that keys depend on and that are not taken along, absolute. */
  readonly left: readonly string[];
}

/** The study's own files, and those of its folder that its tasks name (scripts, tables), as they are now. */
export async function studyFiles(
  sources: ReadonlyMap<string, string>,
  named: ReadonlyMap<string, NamedFile>,
): Promise<StudyFiles> {
  const base = commonFolder([...sources.keys()]);
  const found = new Map<string, Uint8Array>();
  const left: string[] = [];
  for (const [file, text] of sources) found.set(nameWithin(base, file), Buffer.from(text));
  for (const [file, { recalled }] of named) {
    const name = nameWithin(base, file);
    if (found.has(name)) continue;
    const isNear = !name.startsWith('../') && treePathProblem(name) === undefined && recalled === undefined;
    if (isNear && (await stat(file)).size <= mostBytes) found.set(name, await readFile(file));
    else left.push(file);
  }
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return { base, files: new Map(sorted), left };
}

/** With slashes, on every system. */
export function nameWithin(base: string, file: string): string {
  return relative(base, file).replaceAll(sep, '/');
}

function commonFolder(files: readonly string[]): string {
  const [first = '', ...others] = files.map((file) => dirname(file));
  let base = first;
  while (others.some((folder) => folder !== base && !folder.startsWith(`${base === sep ? '' : base}${sep}`)))
    base = dirname(base);
  return base;
}
