import { pixelsProgram } from './pixels-program.ts';
import { instantiate, type WebAssemblyMemory } from './web-assembly.ts';

/** The functions of `pixels.wat`. Pointers in bytes. */
export interface PixelKernels {
  across(
    source: number,
    columns: number,
    rows: number,
    starts: number,
    counts: number,
    weights: number,
    stride: number,
    size: number,
    target: number,
  ): void;
  down(
    source: number,
    bytes: number,
    starts: number,
    counts: number,
    weights: number,
    stride: number,
    size: number,
    target: number,
  ): void;
  normalise(source: number, end: number, table: number, target: number): void;
}

/** What the kernels read and write beyond the last pixel. */
const beyond = 16;

/** Memory of the kernels, filled from its beginning for each use. It grows to what the largest use took, and is kept. */
class PixelMemory {
  readonly kernels: PixelKernels;
  readonly #memory: WebAssemblyMemory;
  #filled = 0;

  constructor() {
    const program = instantiate(Buffer.from(pixelsProgram, 'base64'));
    this.kernels = program as PixelKernels;
    this.#memory = (program as { readonly memory: WebAssemblyMemory }).memory;
  }

  clear(): void {
    this.#filled = 0;
  }

  /** Room for so many bytes. Returns where. */
  room(sizeBytes: number): number {
    const at = this.#filled;
    this.#filled = Math.ceil((at + sizeBytes + beyond) / 16) * 16;
    const lacking = this.#filled - this.#memory.buffer.byteLength;
    if (lacking > 0) this.#memory.grow(Math.ceil(lacking / 65536));
    return at;
  }

  /** A copy of some bytes. Returns where. */
  place(data: Uint8Array | Int32Array | Float32Array): number {
    const at = this.room(data.byteLength);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    new Uint8Array(this.#memory.buffer, at, bytes.length).set(bytes);
    return at;
  }

  /** What lies there, until the memory is filled anew. */
  floats(at: number, count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, at, count);
  }

  /** A copy of what lies there. */
  take(at: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, at, sizeBytes).slice();
  }
}

export type { PixelMemory };

let memory: PixelMemory | undefined;

/** The thread's memory of the kernels, emptied. */
export function emptyPixelMemory(): PixelMemory {
  memory ??= new PixelMemory();
  memory.clear();
  return memory;
}
