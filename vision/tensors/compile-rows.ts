import { compileAsGraph, type GraphFunction } from './graph/compile-as-graph.ts';
import { tf } from './tf.ts';

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

/** So many runs earn what making the graph takes: half a second to a few. */
const WORTH_A_GRAPH = 16;

/**
 * Prepares a function that is to run many times on up to `shape[0]` rows: on TensorFlow it becomes a graph, for which all
 * that does not depend on the input is computed once. What `body` reads besides its input must not change, and must stay
 * until `dispose`.
 */
export function compileRows(
  body: (input: tf.Tensor) => tf.Tensor,
  { shape, runs }: RowsRequest,
): RowFunction {
  if (tf.getBackend() !== 'tensorflow' || runs < WORTH_A_GRAPH)
    return { run: (input) => tf.tidy(() => body(input)), dispose: () => undefined };
  return inWholeBatches(compileAsGraph(body, { shape, dtype: 'float32' }), shape);
}

/** The graph is for one shape: zeros take the place of rows that are not there. */
function inWholeBatches(graph: GraphFunction, [most = 0, ...rest]: readonly number[]): RowFunction {
  return {
    run: (input) => {
      const [rows = 0] = input.shape;
      if (rows === most) return graph.run(input);
      if (rows > most) throw new Error(`a function of up to ${most} rows was called with ${rows}`);
      const absent = [most - rows, ...rest];
      return tf.tidy(() => tf.slice(graph.run(tf.concat([input, tf.zeros(absent)])), 0, rows));
    },
    dispose: () => {
      graph.dispose();
    },
  };
}
