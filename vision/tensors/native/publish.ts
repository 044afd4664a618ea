import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';

/**
 * Puts a finished folder in its place. Where another set-up was faster its result stays and ours goes; a broken one is
 * moved aside first, since a process may have its libraries open, and then removed.
 */
export async function publishFolder(
  from: string,
  { to, isWhole }: { readonly to: string; readonly isWhole: (dir: string) => boolean },
): Promise<void> {
  // Each round either ends or has moved one broken folder aside; a handful covers any number of racing set-ups.
  for (let round = 0; round < 8; round++) {
    if (isWhole(to)) {
      await rm(from, { recursive: true, force: true });
      return;
    }
    if (existsSync(to)) await moveAside(to);
    if (await renamed(from, to)) return;
  }
  throw new Error(`${to} cannot be replaced: other processes keep writing it.`);
}

async function moveAside(dir: string): Promise<void> {
  const aside = `${dir}.broken-${randomUUID()}`;
  if (await renamed(dir, aside)) await rm(aside, { recursive: true, force: true });
}

/** False where another process came first. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOENT') return false;
    throw error;
  }
}
