import type { FileHandle } from 'node:fs/promises';

/** How far the disk may fall behind what has been written. */
const mostBehindBytes = 64 * 1024 * 1024;

/**
 * Writes a file from its start to its end. Where the file is going to be synced, the disk is told to follow meanwhile: else
 * it would begin with a large file when all of it has been read, hashed and written, and everybody would wait.
 */
export class SequentialWriter {
  readonly #target: FileHandle;
  readonly #follows: boolean;
  #behindBytes = 0;
  #following: Promise<void> | undefined;

  constructor(target: FileHandle, willBeSynced: boolean) {
    this.#target = target;
    this.#follows = willBeSynced;
  }

  async write(chunk: Uint8Array): Promise<void> {
    await this.#target.writeFile(chunk);
    await this.#wrote(chunk.byteLength);
  }

  /** Pieces that follow each other, at one go. */
  async writeAll(chunks: readonly Uint8Array[]): Promise<void> {
    const sizeBytes = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const { bytesWritten } = await this.#target.writev(chunks);
    // A disk that is full takes a part and says why with the next.
    if (bytesWritten < sizeBytes) await this.#target.writeFile(Buffer.concat(chunks).subarray(bytesWritten));
    await this.#wrote(sizeBytes);
  }

  async #wrote(sizeBytes: number): Promise<void> {
    this.#behindBytes += sizeBytes;
    if (!this.#follows || this.#behindBytes < mostBehindBytes) return;
    this.#behindBytes = 0;
    await this.#following;
    this.#following = this.#target.datasync();
    // Should the copy end for another reason first; otherwise it is awaited.
    this.#following.catch(() => undefined);
  }

  /** What the disk has said so far. Its own error for what was written before is told once, so it must not be lost. */
  async end(): Promise<void> {
    await this.#following;
  }
}
