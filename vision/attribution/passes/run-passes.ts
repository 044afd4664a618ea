import { compileBatches, tf, type BatchFunction } from '../../tensors/index.ts';
import { parts } from '../pass-size.ts';
import type { Pass } from './pass.ts';

/** Values with a row each image or piece of work, row by row. */
export interface Rows {
  /** Of one row. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** An array of all rows, and the shape of one. */
export interface RowsOut {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

interface Run {
  /** Tells passes apart. */
  readonly name: string;
  readonly pass: () => Pass;
  readonly inputs: readonly Rows[];
  readonly rows: number;
  /** How many rows may go together. */
  readonly together: number;
  /** How often the pass is going to run, about, over all calls, of so many rows a call. */
  readonly calls: number;
}

/** Runs passes in parts of equal size, as graphs where they run often. Owns what it prepared, until `dispose`. */
export class PassRunner {
  readonly #prepared = new Map<string, { readonly size: number; readonly run: BatchFunction }>();

  async run(request: Run): Promise<RowsOut[]> {
    const { inputs, rows } = request;
    const { size, run } = this.#prepare(request);
    const out: RowsOut[] = [];
    for (const { from, to } of parts(rows, size)) {
      const results = tf.tidy(() =>
        run.run(inputs.map((input) => tf.tensor(rowsOf(input, from, to), [to - from, ...input.shape]))),
      );
      await collect(out, results, { from, rows });
    }
    return out;
  }

  dispose(): void {
    for (const { run } of this.#prepared.values()) run.dispose();
    this.#prepared.clear();
  }

  #prepare({ name, pass, inputs, rows, together, calls }: Run): { size: number; run: BatchFunction } {
    const key = JSON.stringify([name, inputs.map(({ shape }) => shape)]);
    const known = this.#prepared.get(key);
    if (known !== undefined) return known;
    // Of equal size, so that none is filled up with much that nobody wants.
    const count = Math.ceil(rows / together);
    const size = Math.ceil(rows / count);
    const shapes = inputs.map(({ shape }) => [size, ...shape]);
    const prepared = { size, run: compileBatches(pass(), { shapes, runs: calls * count }) };
    this.#prepared.set(key, prepared);
    return prepared;
  }
}

function rowsOf({ shape, data }: Rows, from: number, to: number): Float32Array {
  const size = shape.reduce((product, side) => product * side, 1);
  return data.subarray(from * size, to * size);
}

/** Reads and frees some rows of each result. */
async function collect(
  out: RowsOut[],
  results: readonly tf.Tensor[],
  { from, rows }: { readonly from: number; readonly rows: number },
): Promise<void> {
  for (const [index, tensor] of results.entries()) {
    const [, ...shape] = tensor.shape;
    const size = shape.reduce((product, side) => product * side, 1);
    out[index] ??= { shape, data: new Float32Array(rows * size) };
    out[index].data.set(await tensor.data<'float32'>(), from * size);
    tensor.dispose();
  }
}
