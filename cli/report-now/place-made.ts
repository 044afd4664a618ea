import { copyFile, cp, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { deliveredName } from '../delivered-name.ts';

/**
 * Copies an output to `outDir` as a finished run would (one file under the task's name, anything else a folder), in place of
 * what is there: a reader sees the old one or the new one. Answers with its path.
 */
export async function placeMade(request: {
  readonly dir: string;
  readonly outDir: string;
  readonly name: string;
}): Promise<string> {
  const { dir, outDir, name } = request;
  const [only, ...others] = await readdir(dir);
  const single = only !== undefined && others.length === 0 && extname(only) !== '';
  const target = join(outDir, deliveredName(name, single ? extname(only) : ''));
  await mkdir(dirname(target), { recursive: true });
  const fresh = await mkdtemp(join(outDir, '.sweetspot-'));
  try {
    const made = join(fresh, 'made');
    if (single) await copyFile(join(dir, only), made);
    else {
      await cp(dir, made, { recursive: true });
      await rm(target, { recursive: true, force: true });
    }
    await rename(made, target);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return target;
}
