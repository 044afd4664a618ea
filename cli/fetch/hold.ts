import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { FetchStop } from './fetch-failure.ts';

/** Keeps other processes of this machine from the same download while it is held. Throws `FetchStop`. */
export async function hold(file: string, name: string): Promise<AsyncDisposable> {
  if (!(await wasMade(file))) {
    const owner = Number(await readFile(file, 'utf8').catch(() => ''));
    if (isAlive(owner)) throw busy(owner, name);
    if (!(await wasTakenOver(file, owner))) throw busy(undefined, name);
  }
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/** Clears a dead owner's file away and makes it anew. Where two are at it, the slower one finds another's file and gives it back. */
async function wasTakenOver(file: string, dead: number): Promise<boolean> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
    if (Number(await readFile(aside, 'utf8')) !== dead) {
      await link(aside, file).catch(() => undefined);
      return false;
    }
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  } finally {
    await rm(aside, { force: true });
  }
  return wasMade(file);
}

/** Makes the file, which only one process can; false where it is there. */
async function wasMade(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

function busy(owner: number | undefined, name: string): FetchStop {
  const who = owner === undefined ? 'another process' : `process ${owner}`;
  return new FetchStop({ kind: 'busy', message: `${who} is downloading ${name} already` });
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
