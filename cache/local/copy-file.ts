import { chmod, constants, copyFile, open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from '../system-error.ts';
import { hashFile, hashFrom } from './hash-file.ts';
import type { FileContent } from './file-content.ts';
import { SequentialWriter } from './sequential-writer.ts';

export interface CopyRequest {
  readonly source: string;
  /** Must not exist. */
  readonly target: string;
  /** Permissions of the target, less what the umask takes. */
  readonly mode: number;
  /** Whether the target is going to be synced. */
  readonly willBeSynced?: boolean;
  /** Told of bytes as they are copied, or hashed where blocks are shared. */
  readonly onBytes?: (count: number) => void;
  /** Awaited for each piece that is copied byte by byte. */
  readonly pace?: ((count: number) => Promise<void>) | undefined;
}

/**
 * Copies files by reflink where the file systems share blocks, else byte by byte; never by hard link, for then a task
 * that writes into its folder would write into the store. Remembers which file systems cannot reflink.
 */
export class FileCopier {
  readonly #withoutReflinks = new Set<string>();

  /** Answers what the *target* holds. Throws system errors, and leaves no partial target behind then. */
  async copy(request: CopyRequest): Promise<FileContent> {
    if (await this.#reflink(request)) return await hashOrRemove(request);
    await using source = await open(request.source, 'r');
    await using target = await open(request.target, 'wx', request.mode);
    try {
      const writer = new SequentialWriter(target, request.willBeSynced === true);
      const content = await hashFrom(source, {
        consume: async (chunk) => {
          await writer.write(chunk);
          request.onBytes?.(chunk.byteLength);
          await request.pace?.(chunk.byteLength);
        },
      });
      await writer.end();
      return content;
    } catch (error) {
      await unlink(request.target).catch(() => undefined);
      throw error;
    }
  }

  async #reflink({ source, target, mode }: CopyRequest): Promise<boolean> {
    const [from, to] = await Promise.all([stat(source), stat(dirname(target))]);
    const devices = `${from.dev} ${to.dev}`;
    if (this.#withoutReflinks.has(devices)) return false;
    try {
      await copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE_FORCE);
    } catch (error) {
      // Whatever else is wrong, the plain copy will meet it too and report it.
      if (errorCode(error) === undefined) throw error;
      if (errorCode(error) !== 'EEXIST') this.#withoutReflinks.add(devices);
      return false;
    }
    // A clone takes over its source's permissions; those of the owner tell what the umask allows.
    await chmod(target, mode & (from.mode | ((from.mode & 0o444) >> 1)));
    return true;
  }
}

async function hashOrRemove({ target, onBytes }: CopyRequest): Promise<FileContent> {
  try {
    if (onBytes === undefined) return await hashFile(target);
    await using made = await open(target, 'r');
    return await hashFrom(made, {
      consume: (chunk) => {
        onBytes(chunk.byteLength);
        return Promise.resolve();
      },
    });
  } catch (error) {
    await unlink(target).catch(() => undefined);
    throw error;
  }
}
