import type { Network, State, Tap } from '../models/network.ts';
import { tf } from '../tensors/index.ts';
import type { ClassAttention } from './differentiable.ts';

/** Shows the attention weights of a network's layers as arrays. */
export function classAttention({
  network,
  state,
  taps,
}: {
  readonly network: Network;
  readonly state: State;
  /** Of the weights, first layer first. */
  readonly taps: readonly string[];
}): ClassAttention {
  return {
    layers: taps.length,
    grid: ({ count, height, width }) => {
      const grid = network.tokenGrid?.([count, height, width, 3]);
      if (grid === undefined) throw new Error('the tokens of this network lie on no grid');
      return grid;
    },
    weights: async ({ count, height, width, data }, first) => {
      const wanted = new Set(taps.slice(first));
      const seen: tf.Tensor[] = [];
      const tap: Tap = (name, value) => {
        if (wanted.has(name)) seen.push(tf.keep(value.clone()));
        return value;
      };
      tf.tidy(() => {
        network.forward({ state, input: tf.tensor4d(data, [count, height, width, 3]), tap });
      });
      return Promise.all(
        seen.map(async (tensor) => {
          const [images = 0, heads = 0, tokens = 0] = tensor.shape;
          const weights = await tensor.data<'float32'>();
          tensor.dispose();
          return { images, heads, tokens, data: weights };
        }),
      );
    },
  };
}
