import { compileAsGraph, type GraphFunction } from './graph/compile-as-graph.ts';
import { tf } from './tf.ts';

/** A function of which each row of each result depends on the same row of its inputs alone. */
export interface BatchFunction {
  /**
   * @param inputs - [rows, …] each; the results are the caller's
   * @returns [rows, …] each
   */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  /** Frees what the function holds. */
  dispose(): void;
}

export interface BatchesRequest {
  /** Of the largest inputs. */
  readonly shapes: readonly (readonly number[])[];
  /** How often it is going to run, about. */
  readonly runs: number;
}

/** So many runs earn what making the graph takes: half a second to a few. */
const WORTH_A_GRAPH = 16;

/**
 * Prepares a function that is to run many times on inputs of up to the shapes given: on TensorFlow it becomes a graph, for which all
 * that does not depend on the inputs is computed once. What `body` reads besides its inputs must not change, and must stay
 * until `dispose`.
 */
export function compileBatches(
  body: (inputs: readonly tf.Tensor[]) => tf.Tensor[],
  { shapes, runs }: BatchesRequest,
): BatchFunction {
  if (!becomesGraph({ runs }))
    return { run: (inputs) => tf.tidy(() => body(inputs)), dispose: () => undefined };
  const forms = shapes.map((shape) => ({ shape, dtype: 'float32' as const }));
  return inWholeBatches(compileAsGraph(body, forms), shapes);
}

/** Whether so many runs make it a graph, whose results differ in rounding from those without. */
export function becomesGraph({ runs }: Pick<BatchesRequest, 'runs'>): boolean {
  return tf.getBackend() === 'tensorflow' && runs >= WORTH_A_GRAPH;
}

/** The graph is for one shape: zeros take the place of rows that are not there. */
function inWholeBatches(graph: GraphFunction, shapes: readonly (readonly number[])[]): BatchFunction {
  const most = shapes[0]?.[0] ?? 0;
  return {
    run: (inputs) => {
      const rows = inputs[0]?.shape[0] ?? 0;
      if (rows === most) return graph.run(inputs);
      if (rows > most) throw new Error(`a function of up to ${most} rows was called with ${rows}`);
      return tf.tidy(() => {
        const whole = inputs.map((input, index) =>
          tf.concat([input, tf.zeros([most - rows, ...shapes[index]!.slice(1)])]),
        );
        return graph.run(whole).map((output) => tf.slice(output, 0, rows));
      });
    },
    dispose: () => {
      graph.dispose();
    },
  };
}
