import { createHash } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs `work` while no other process prepares the same folder. The lock is a file with its owner's process id, outside the
 * folder, since installing empties node_modules; a dead owner's lock is taken over.
 */
export async function withLock(root, work) {
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const file = join(tmpdir(), `sweetspot-prepare-${process.getuid?.() ?? 'user'}-${name}.lock`);
  while (!take(file)) {
    const owner = ownerOf(file);
    if (owner === 'alive') await sleep(200);
    else if (owner === 'dead') takeAway(file);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Removes a dead owner's lock, unless another process did so just before and the lock is now its own. */
function takeAway(file) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
    if (ownerOf(aside) === 'alive') linkSync(aside, file);
  } catch (error) {
    if (error.code !== 'ENOENT' && error.code !== 'EEXIST') throw error;
  }
  rmSync(aside, { force: true });
}

/** `gone` where nobody has the lock any more: whoever takes it next must not have it taken away. */
function ownerOf(file) {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0);
    return 'alive';
  } catch (error) {
    if (error.code === 'ENOENT') return 'gone';
    // Another user's process is one, too.
    return error.code === 'EPERM' ? 'alive' : 'dead';
  }
}
