import { tf } from '../../tensors/index.ts';

interface Way {
  readonly forward: (inputs: readonly tf.Tensor[]) => tf.Tensor;
  /** Of the output, its relevance and the inputs: each input's relevance, of its shape. */
  readonly back: (passed: {
    readonly inputs: readonly tf.Tensor[];
    readonly z: tf.Tensor;
    readonly relevance: tf.Tensor;
    readonly kept: readonly tf.Tensor[];
  }) => readonly tf.Tensor[];
  /** What else `back` reads that may be freed when the pass is over. */
  readonly keep?: readonly tf.Tensor[];
}

/** A value of some inputs with a way back of its own: what the tape takes for a gradient is relevance. */
export function withRelevance(inputs: readonly tf.Tensor[], { forward, back, keep = [] }: Way): tf.Tensor {
  const count = inputs.length;
  return tf.customGrad((...given) => {
    const values = given.slice(0, count) as tf.Tensor[];
    const save = given[count] as (tensors: tf.Tensor[]) => void;
    const value = forward(values);
    save([...values, value, ...keep]);
    const gradFunc = (relevance: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [z, ...kept] = saved.slice(count) as [tf.Tensor, ...tf.Tensor[]];
      return [...back({ inputs: saved.slice(0, count), z, relevance, kept })];
    };
    return { value, gradFunc };
  })(...inputs);
}
