import { WeightsError } from './failure.ts';

/** The arguments of pickle opcodes, read one after the other; each read past the end is a named failure. */
export class PickleBytes {
  readonly #file: Uint8Array;
  readonly #view: DataView;
  #position: number;

  constructor(file: Uint8Array, start: number) {
    this.#file = file;
    this.#view = new DataView(file.buffer, file.byteOffset, file.byteLength);
    this.#position = start;
  }

  get position(): number {
    return this.#position;
  }

  byte(): number {
    return this.#view.getUint8(this.#advance(1));
  }

  /** An unsigned little-endian number of 2, 4 or 8 bytes. */
  count(size: 2 | 4 | 8): number {
    const at = this.#advance(size);
    if (size === 2) return this.#view.getUint16(at, true);
    if (size === 4) return this.#view.getUint32(at, true);
    const value = this.#view.getBigUint64(at, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new WeightsError('malformed', `a length of ${value}`);
    return Number(value);
  }

  int32(): number {
    return this.#view.getInt32(this.#advance(4), true);
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), false);
  }

  /** A little-endian two's complement number of any length; a bigint where a number would lose digits. */
  long(size: number): number | bigint {
    // Longer numbers have no use in a checkpoint, and are slow to build.
    if (size > 1024) throw new WeightsError('malformed', `a number of ${size} bytes`);
    let value = 0n;
    for (const byte of this.take(size).toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = BigInt.asIntN(size * 8, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  take(size: number): Uint8Array {
    const at = this.#advance(size);
    return this.#file.subarray(at, at + size);
  }

  text(size: number): string {
    return new TextDecoder().decode(this.take(size));
  }

  /** Up to and without the next line end. */
  line(): string {
    const end = this.#file.indexOf(0x0a, this.#position);
    if (end < 0) throw new WeightsError('truncated', 'the pickle ends within a name');
    const text = this.text(end - this.#position);
    this.#advance(1);
    return text;
  }

  #advance(size: number): number {
    const at = this.#position;
    if (at + size > this.#file.length)
      throw new WeightsError(
        'truncated',
        `the pickle needs ${size} bytes at ${at}, the file has ${this.#file.length}`,
      );
    this.#position = at + size;
    return at;
  }
}
