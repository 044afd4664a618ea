import { readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { errorCode } from '../system-error.ts';

/** The names in a folder; none where there is no such folder. Throws other system errors. */
export async function namesIn(path: string): Promise<readonly string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** As `namesIn`, at one go: for folders that hold a few names, or mostly are not there. */
export function namesNow(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Passes items on for as long as the machine lets them be read: for listings that people look at. */
export async function* whileReadable<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* items;
  } catch (error) {
    if (errorCode(error) === undefined) throw error;
  }
}
