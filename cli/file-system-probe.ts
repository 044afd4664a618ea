import { constants } from 'node:fs';
import {
  chmod,
  copyFile,
  link,
  mkdir,
  mkdtemp,
  open,
  rename,
  rm,
  stat,
  statfs,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolders } from '../cache/make-folders.ts';
import { formatBytes } from './progress/duration.ts';

/** One thing the store relies on, tried on the file system it lies on. */
export interface Probe {
  readonly name: string;
  readonly ok: boolean;
  /** Whether studies cannot run without it. */
  readonly required: boolean;
  readonly detail: string;
}

/** Tries what the store relies on in a folder of its own inside `dir`, which is created if need be. */
export async function probeFileSystem(dir: string): Promise<readonly Probe[]> {
  let scratch: string;
  try {
    await makeFolders(dir);
    scratch = await mkdtemp(join(dir, 'probe-'));
  } catch (error) {
    return [{ name: 'writable', ok: false, required: true, detail: words(error) }];
  }
  try {
    const file = join(scratch, 'a');
    await writeFile(file, 'sweetspot');
    const space = await statfs(dir);
    const freeBytes = space.bavail * space.bsize;
    return [
      { name: 'writable', ok: true, required: true, detail: 'yes' },
      { name: 'free space', ok: freeBytes > 1 << 30, required: true, detail: formatBytes(freeBytes) },
      await attempt('hard links', true, async () => {
        await link(file, join(scratch, 'linked'));
        const { nlink } = await stat(file);
        return nlink === 2
          ? 'results and claims are published exactly once'
          : Promise.reject(new Error(`nlink is ${nlink} after a link`));
      }),
      await attempt('rename over folders', true, async () => {
        await mkdir(join(scratch, 'from'));
        await rename(join(scratch, 'from'), join(scratch, 'to'));
        return 'snapshots appear whole or not at all';
      }),
      await attempt('sync', true, async () => {
        await using handle = await open(file, 'r+');
        const started = performance.now();
        await handle.sync();
        return `${(performance.now() - started).toFixed(1)} ms`;
      }),
      await attempt('times', true, async () => {
        await utimes(file, 1_000_000_000, 1_000_000_000.123);
        const { mtimeMs } = await stat(file);
        return mtimeMs % 1000 === 0
          ? 'whole seconds: changed data is found by content more often'
          : 'finer than a second';
      }),
      await attempt('reflinks', false, async () => {
        await copyFile(file, join(scratch, 'cloned'), constants.COPYFILE_FICLONE_FORCE);
        return 'large files are copied at no cost';
      }),
    ];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Tries what a shared store relies on besides: that modes stay as they are set, and that the group passes down. */
export async function probeSharing(dir: string): Promise<readonly Probe[]> {
  const scratch = await mkdtemp(join(dir, 'probe-'));
  try {
    return [
      await attempt('group', true, async () => {
        await chmod(scratch, 0o2775);
        const { mode, gid } = await stat(scratch);
        if ((mode & 0o7777) !== 0o2775)
          throw new Error(`a folder of mode 2775 becomes ${(mode & 0o7777).toString(8)}`);
        await mkdir(join(scratch, 'in'));
        await writeFile(join(scratch, 'in', 'file'), '');
        await chmod(join(scratch, 'in', 'file'), 0o444);
        const inner = await stat(join(scratch, 'in', 'file'));
        if (inner.gid !== gid) throw new Error('a new file does not take the group of its folder');
        if ((inner.mode & 0o777) !== 0o444) throw new Error('a file does not keep mode 0444');
        return 'modes stay, and the group passes down';
      }),
    ];
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function attempt(name: string, required: boolean, run: () => Promise<string>): Promise<Probe> {
  try {
    return { name, ok: true, required, detail: await run() };
  } catch (error) {
    return { name, ok: false, required, detail: required ? words(error) : 'not here; files are copied' };
  }
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
