import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './system-error.ts';

/**
 * Makes a folder, and those above it that are not there; answers whether it was not there before. Throws system errors.
 * In place of Node's own `recursive`, which never ends where a folder that exists refuses new ones with ENOENT, as those of
 * the kernel do (/proc, /sys).
 */
export async function makeFolders(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' && (await isFolder(path))) return false;
    const above = dirname(path);
    if (code !== 'ENOENT' || above === path) throw error;
    // Where it is there by now, somebody else has just made it, or it refuses new folders: the second try tells.
    if (!(await isFolder(above))) await makeFolders(above);
  }
  try {
    await mkdir(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' && (await isFolder(path))) return false;
    throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
    return false;
  }
}
