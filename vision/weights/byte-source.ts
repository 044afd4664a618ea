import { open, type FileHandle } from 'node:fs/promises';

/** Bytes that are read by ranges, so that a file of any size can be looked into. */
export interface ByteSource {
  readonly size: number;
  /** The bytes from `begin` up to and without `end`, which lie within the size. They are the caller's. */
  readonly read: (begin: number, end: number) => Promise<Uint8Array>;
}

/** A file, opened until it is disposed of. */
export class FileSource implements ByteSource, AsyncDisposable {
  readonly size: number;
  readonly handle: FileHandle;

  static async open(path: string): Promise<FileSource> {
    const handle = await open(path);
    try {
      return new FileSource(handle, (await handle.stat()).size);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  private constructor(handle: FileHandle, size: number) {
    this.handle = handle;
    this.size = size;
  }

  async read(begin: number, end: number): Promise<Uint8Array> {
    // Of its own, so that values of any type can be viewed in it.
    const bytes = new Uint8Array(end - begin);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await this.handle.read(
        bytes,
        done,
        Math.min(bytes.length - done, mostAtOnce),
        begin + done,
      );
      if (bytesRead === 0) throw new Error('the file became shorter while it was read');
      done += bytesRead;
    }
    return bytes;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.handle.close();
  }
}

/** The system reads less than 2 GiB in one call. */
const mostAtOnce = 2 ** 30;
