import { compileBatches } from './compile-batches.ts';
import type { tf } from './tf.ts';

/** A function of which each row of the result depends on the same row of its input alone. */
export interface RowFunction {
  /**
   * @param input - [rows, …]; the result is the caller's
   * @returns [rows, …]
   */
  run(input: tf.Tensor): tf.Tensor;
  /** Frees what the function holds. */
  dispose(): void;
}

export interface RowsRequest {
  /** Of the largest input. */
  readonly shape: readonly number[];
  /** How often it is going to run, about. */
  readonly runs: number;
}

/** `compileBatches` of one input and one result. */
export function compileRows(
  body: (input: tf.Tensor) => tf.Tensor,
  { shape, runs }: RowsRequest,
): RowFunction {
  const batches = compileBatches(([input]) => [body(input!)], { shapes: [shape], runs });
  return {
    run: (input) => batches.run([input])[0]!,
    dispose: () => {
      batches.dispose();
    },
  };
}
