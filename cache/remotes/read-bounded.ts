import { open } from 'node:fs/promises';
import { isMissing } from '../system-error.ts';

/** The text of a file that is small, or how large it is; undefined where there is none. Throws other system errors. */
export async function readBounded(
  path: string,
  mostBytes: number,
): Promise<{ readonly text: string } | { readonly sizeBytes: number } | undefined> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    return size > mostBytes ? { sizeBytes: size } : { text: await file.readFile('utf8') };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
