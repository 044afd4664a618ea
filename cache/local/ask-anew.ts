import { closeSync, openSync } from 'node:fs';
import { errorCode } from '../system-error.ts';

/**
 * Lets what other hosts have put into a folder be seen from now on. A client of NFS may hold for up to a minute that there is no file of
 * a name, because there was none when it last looked; opening the folder asks the server whether it has changed, and then nothing is
 * believed of its names that was known before (close-to-open consistency, nfs(5)). `folders`: from the outermost one that may be new, since
 * its own name is believed to be missing, too. On a local disk that costs some microseconds, and changes nothing.
 */
export function askAnew(...folders: readonly string[]): void {
  try {
    for (const folder of folders) closeSync(openSync(folder, 'r'));
  } catch (error) {
    // What is not there, or closed to us, holds nothing to be found.
    if (errorCode(error) === undefined) throw error;
  }
}
