import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, relative } from 'node:path';
import type { Pattern } from './pattern.ts';

/** A file to be adopted. */
export interface FoundCheckpoint {
  readonly path: string;
  /** Within the folder that was named. */
  readonly name: string;
  readonly fields: ReadonlyMap<string, string>;
}

export type FoundCheckpoints =
  | {
      readonly kind: 'found';
      readonly dir: string;
      /** By name. */
      readonly checkpoints: readonly FoundCheckpoint[];
      /** Files that may be checkpoints and that the pattern does not have. */
      readonly passedOver: readonly string[];
    }
  | { readonly kind: 'problem'; readonly message: string };

const endings: ReadonlySet<string> = new Set(['.pth', '.pt', '.th', '.ckpt', '.bin', '.safetensors']);

/** The checkpoints of a folder, or the one that a path names. Links are not followed. Throws system errors. */
export async function findCheckpoints(path: string, pattern: Pattern | undefined): Promise<FoundCheckpoints> {
  if (!(await stat(path)).isDirectory()) {
    const name = basename(path);
    const fields = pattern === undefined ? new Map<string, string>() : pattern.match(name);
    if (fields === undefined) return { kind: 'problem', message: `the pattern does not have ${name}` };
    return { kind: 'found', dir: join(path, '..'), checkpoints: [{ path, name, fields }], passedOver: [] };
  }
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(path, join(entry.parentPath, entry.name)))
    .sort();
  const checkpoints: FoundCheckpoint[] = [];
  const passedOver: string[] = [];
  for (const name of names) {
    const isLikely = endings.has(extname(name).toLowerCase());
    const fields = pattern === undefined ? plainFields(name, isLikely) : pattern.match(name);
    if (fields !== undefined) checkpoints.push({ path: join(path, name), name, fields });
    else if (isLikely) passedOver.push(name);
  }
  if (checkpoints.length > 0) return { kind: 'found', dir: path, checkpoints, passedOver };
  const [likely] = passedOver;
  const what =
    likely === undefined
      ? 'it holds no checkpoints (.pth, .pt, .th, .ckpt, .bin, .safetensors)'
      : `the pattern has none of its files, e.g. ${likely}`;
  return { kind: 'problem', message: what };
}

/** Without a pattern, a file's name tells it from the others. */
function plainFields(name: string, isLikely: boolean): ReadonlyMap<string, string> | undefined {
  return isLikely ? new Map([['name', name.slice(0, -extname(name).length)]]) : undefined;
}
