/** Bytes that arrive in pieces of any size, taken in pieces that are asked for. */
export class ByteQueue {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #taken = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** How many bytes have been taken. */
  get position(): number {
    return this.#taken;
  }

  /** Some bytes, at most so many; none where the source has ended. Valid until the next call. */
  async some(most: number): Promise<Uint8Array> {
    while (this.#held.byteLength === 0) {
      const next = await this.#source.next();
      if (next.done === true) return this.#held;
      this.#held = next.value;
    }
    const piece = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(piece.byteLength);
    this.#taken += piece.byteLength;
    return piece;
  }

  /** As many bytes as asked for, or fewer where the source ends before. */
  async exactly(count: number): Promise<Uint8Array> {
    const bytes = Buffer.alloc(count);
    let length = 0;
    while (length < count) {
      const piece = await this.some(count - length);
      if (piece.byteLength === 0) break;
      bytes.set(piece, length);
      length += piece.byteLength;
    }
    return bytes.subarray(0, length);
  }

  /** Lets the source go without reading on. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}
