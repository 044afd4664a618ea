import { runSingle, type Operation } from '../operation.ts';
import { tf } from '../tf.ts';

interface RearrangeInputs extends Record<string, tf.Tensor> {
  x: tf.Tensor;
}

interface RearrangeAttrs extends tf.NamedAttrMap {
  sources: number[];
}

/**
 * Rows in another order: row i of the result is row `sources[i]` of x, or zeros where that is -1. No row may be taken
 * twice, so that the gradient is a rearrangement too: windows, cyclic shifts, padding and cropping of a map of tokens are
 * one copy each in either direction.
 * @param x - [batch, rows, channels]
 * @returns [batch, sources.length, channels]
 */
export function rearrangeRows(x: tf.Tensor, sources: readonly number[]): tf.Tensor3D {
  return runSingle(rearrangeOperation, { x }, { sources: sources as number[] }) as tf.Tensor3D;
}

export const rearrangeOperation: Operation<RearrangeInputs, RearrangeAttrs> = {
  name: 'RearrangeRows',
  composed: ({ x }, { sources }) => {
    const rows = x.shape[1]!;
    const none: [number, number] = [0, 0];
    const withBlank = sources.includes(-1) ? tf.pad(x, [none, [0, 1], none]) : x;
    const taken = Int32Array.from(sources, (source) => (source < 0 ? rows : source));
    return tf.gather(withBlank, tf.tensor1d(taken, 'int32'), 1);
  },
  gradient: {
    inputsToSave: ['x'],
    compute: ([dy], [x], { sources }) => ({
      x: () => rearrangeRows(dy!, inverseOf(sources, x!.shape[1]!)),
    }),
  },
};

/** Where each of the rows went; -1 where nowhere. */
function inverseOf(sources: readonly number[], rows: number): number[] {
  const targets = new Array<number>(rows).fill(-1);
  sources.forEach((source, target) => {
    if (source >= 0) targets[source] = target;
  });
  return targets;
}
