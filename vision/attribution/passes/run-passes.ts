import { compileBatches, tf, type BatchFunction } from '../../tensors/index.ts';
import { imagesThatFit, parts } from '../pass-size.ts';
import type { Pass } from './pass.ts';

/** Values with a row each image or piece of work. */
export interface Rows {
  /** Of one row. */
  readonly shape: readonly number[];
  /** Rows `from` up to `to` (left out), row by row. */
  readonly values: (from: number, to: number) => Float32Array;
}

/** An array of rows, and the shape of one. */
export interface RowsOut {
  readonly shape: readonly number[];
  readonly data: Float32Array<ArrayBuffer>;
}

/** A pass that may be run many times. */
interface Named {
  /** Tells passes apart. */
  readonly name: string;
  readonly pass: () => Pass;
}

interface Run extends Named {
  readonly inputs: readonly Rows[];
  readonly rows: number;
  /** How many rows may go together. */
  readonly together: number;
  /** How often the pass is going to run, about, over all calls, of so many rows a call. */
  readonly calls: number;
}

interface Budget {
  /** About how much a pass may hold. */
  readonly memoryBytes: number;
  /** How many images go together in place of what fits. */
  readonly together?: number;
}

/** Runs passes in parts of equal size, as graphs where they run often. Owns what it prepared, until `dispose`. */
export class PassRunner {
  readonly #budget: Budget;
  readonly #prepared = new Map<string, { readonly size: number; readonly run: BatchFunction }>();
  readonly #fitting = new Map<string, Promise<number>>();

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** How many images the budget lets through a pass together; `shapes` are those of the inputs of so many. */
  async imagesThatFit(
    { name, pass }: Named,
    shapes: (images: number) => readonly (readonly number[])[],
  ): Promise<number> {
    const { memoryBytes, together } = this.#budget;
    if (together !== undefined) return together;
    const key = JSON.stringify([name, shapes(1)]);
    const known = this.#fitting.get(key);
    if (known !== undefined) return known;
    const found = imagesThatFit(memoryBytes, (images) =>
      pass()(shapes(images).map((shape) => tf.zeros([...shape]))),
    );
    this.#fitting.set(key, found);
    return found;
  }

  /** All rows of each result. */
  async run(request: Run): Promise<RowsOut[]> {
    const out: RowsOut[] = [];
    await this.each(request, (index, { shape, data }, from) => {
      const size = sizeOf(shape);
      out[index] ??= { shape, data: new Float32Array(request.rows * size) };
      out[index].data.set(data, from * size);
    });
    return out;
  }

  /** Hands on some rows of a result, from `from`, as they are computed. */
  async each(request: Run, take: (result: number, rows: RowsOut, from: number) => void): Promise<void> {
    const { inputs, rows } = request;
    const { size, run } = this.#prepare(request);
    for (const { from, to } of parts(rows, size)) {
      const results = tf.tidy(() =>
        run.run(inputs.map(({ shape, values }) => tf.tensor(values(from, to), [to - from, ...shape]))),
      );
      for (const [index, tensor] of results.entries()) {
        take(index, { shape: tensor.shape.slice(1), data: await read(tensor) }, from);
        tensor.dispose();
      }
    }
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

/** Rows that lie in an array, one after the other. */
export function rowsOf(data: Float32Array, shape: readonly number[]): Rows {
  const size = sizeOf(shape);
  return { shape, values: (from, to) => data.subarray(from * size, to * size) };
}

async function read(tensor: tf.Tensor): Promise<Float32Array<ArrayBuffer>> {
  return (await tensor.data<'float32'>()) as Float32Array<ArrayBuffer>;
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
