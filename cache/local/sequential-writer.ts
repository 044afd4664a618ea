import type { FileHandle } from 'node:fs/promises';

/** The disk is told to go on once so much has been written that it has not been told of. */
const stepBytes = 16 * 1024 * 1024;
/** How far the disk may fall behind what has been written: from then on it is waited for. */
const mostBehindBytes = 128 * 1024 * 1024;

/**
 * Writes a file from its start to its end. Where the file is going to be synced, the disk is told to follow meanwhile: else
 * it would begin with a large file when all of it has been read, hashed and written, and everybody would wait.
 */
export class SequentialWriter {
  readonly #target: FileHandle;
  readonly #follows: boolean;
  #behindBytes = 0;
  #following: Promise<void> = Promise.resolve();
  #isFollowing = false;

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
    if (!this.#follows || this.#behindBytes < stepBytes) return;
    if (this.#isFollowing && this.#behindBytes < mostBehindBytes) return;
    await this.#following;
    this.#behindBytes = 0;
    this.#isFollowing = true;
    this.#following = this.#target.datasync().finally(() => (this.#isFollowing = false));
    // Should the copy end for another reason first; otherwise it is awaited.
    this.#following.catch(() => undefined);
  }

  /** What the disk has said so far. Its own error for what was written before is told once, so it must not be lost. */
  async end(): Promise<void> {
    await this.#following;
  }
}
