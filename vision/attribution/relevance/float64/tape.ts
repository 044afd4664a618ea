import { tf } from '../../../tensors/index.ts';
import { receive, valueOf, type Value } from './value.ts';

/**
 * A pass of which every value is known in float64 too. Networks hand tensors about, which know float32 only: here each tensor
 * stands for a value that the tape has under its name.
 */
export class Tape {
  readonly #values = new Map<number, Value>();
  readonly #back: (() => void)[] = [];

  /** The tensor that stands for a value. */
  stand(shape: readonly number[], data: Float64Array): tf.Tensor {
    const tensor = tf.tensor(Float32Array.from(data), [...shape]);
    this.#values.set(tensor.id, valueOf(shape, data));
    return tensor;
  }

  valueBehind(tensor: tf.Tensor): Value {
    const value = this.#values.get(tensor.id);
    if (value === undefined) throw new Error('a layer of this network is not known in float64');
    return value;
  }

  /**
   * What a layer makes of some inputs, and how it shares out relevance among them.
   *
   * @param back - of the result's relevance, each input's
   */
  layer(
    inputs: readonly tf.Tensor[],
    made: { readonly shape: readonly number[]; readonly data: Float64Array },
    back: (relevance: Float64Array) => readonly Float64Array[],
  ): tf.Tensor {
    const values = inputs.map((input) => this.valueBehind(input));
    const tensor = this.stand(made.shape, made.data);
    const result = this.valueBehind(tensor);
    this.#back.push(() => {
      back(result.relevance).forEach((relevance, index) => {
        receive(values[index]!, relevance);
      });
    });
    return tensor;
  }

  /** Lets relevance come back from a value to all that it was made of. */
  handBack(tensor: tf.Tensor, relevance: Float64Array): void {
    receive(this.valueBehind(tensor), relevance);
    for (const step of this.#back.toReversed()) step();
  }
}
