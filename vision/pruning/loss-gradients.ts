import type { Batch } from '../data/loader.ts';
import type { Network } from '../models/network.ts';
import { softmaxCrossEntropy, tf } from '../tensors/index.ts';
import { toTorchLayout } from '../weights/memory-layout.ts';
import type { StateDict } from '../weights/state-dict.ts';
import { disposeState, stateToTensors } from '../weights/state.ts';
import type { Scores } from './method.ts';

export interface GradientRequest {
  readonly network: Network;
  /** Pruned weights are zero in it. */
  readonly state: StateDict;
  /** The entries whose gradients are wanted. */
  readonly names: readonly string[];
  readonly batches: AsyncIterable<Batch>;
  /** Height and width of the images. */
  readonly side: number;
  readonly labelSmoothing: number;
}

/**
 * Gradients of the mean cross-entropy of one batch after another with respect to weights, by name, in PyTorch's layout. As
 * in training, batch norms use the batch's own statistics; nothing is dropped at random, and the state does not change.
 */
export async function* lossGradients(request: GradientRequest): AsyncGenerator<Scores, void, undefined> {
  const { network, names } = request;
  const shapes = new Map(network.entries.map(({ name, shape }) => [name, shape]));
  const state = stateToTensors(request.state, network.entries);
  try {
    for await (const batch of request.batches) {
      const gradients = gradientsOf(batch, request, state);
      const values = await Promise.all(gradients.map((gradient) => gradient.data()));
      tf.dispose([...gradients]);
      yield new Map(
        names.map((name, index) => [name, toTorchLayout(values[index] as Float32Array, shapes.get(name)!)]),
      );
    }
  } finally {
    disposeState(state);
  }
}

/** In memory layout, in the order of the names. The caller owns them. */
function gradientsOf(
  { images, labels }: Batch,
  { network, names, side, labelSmoothing }: GradientRequest,
  state: ReadonlyMap<string, tf.Tensor>,
): readonly tf.Tensor[] {
  return tf.tidy(() => {
    const input = tf.tensor4d(images, [labels.length, side, side, 3]);
    const target = tf.tensor1d(labels, 'int32');
    const updates = new Map<string, tf.Tensor>();
    const loss = (...weights: tf.Tensor[]): tf.Scalar => {
      const varied = new Map([...state, ...names.map((name, index) => [name, weights[index]!] as const)]);
      const logits = network.forward({ state: varied, input, training: { updates } });
      return softmaxCrossEntropy(logits, target, { labelSmoothing });
    };
    const gradients = tf.grads(loss)(names.map((name) => state.get(name)!));
    tf.dispose([...updates.values()]);
    return gradients;
  });
}
