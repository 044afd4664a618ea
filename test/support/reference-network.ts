import type { Network, State } from '../../vision/models/network.ts';
import { tf } from '../../vision/tensors/index.ts';
import { constantTensor } from '../../vision/weights/constants.ts';
import { float32Tensor, int64Scalar } from '../../vision/weights/raw-tensor.ts';
import type { StateDict } from '../../vision/weights/state-dict.ts';
import { stateToTensors } from '../../vision/weights/state.ts';
import { hashFilledEntry } from './hash-fill.ts';
import { floats, type ReferenceTensor } from './reference-case.ts';

/** A reference case's weights as a network's state, from tensors named `PREFIX/NAME`. */
export function referenceState(
  tensors: ReadonlyMap<string, ReferenceTensor>,
  network: Network,
  prefix = 'weights',
): State {
  return stateToTensors(referenceDict(tensors, network, prefix), network.entries);
}

/** The same weights as a state dict. */
export function referenceDict(
  tensors: ReadonlyMap<string, ReferenceTensor>,
  network: Network,
  prefix = 'weights',
): StateDict {
  const dict = network.entries.map((entry) => {
    const { name, shape, role } = entry;
    if (role === 'constant') return [name, constantTensor(entry)] as const;
    const raw =
      role === 'counter'
        ? int64Scalar(0)
        : float32Tensor(shape, Float32Array.from(floats(tensors, `${prefix}/${name}`)));
    return [name, raw] as const;
  });
  return new Map(dict);
}

/** The state of a full-size reference model, from its hash fill. */
export function hashFilledState(network: Network, modelSeed: number): State {
  // Entry k is counted over the whole state dict, so constants and counters keep their places.
  const dict = network.entries.map((entry, k) => {
    const values = hashFilledEntry(entry, k, modelSeed);
    return [entry.name, values === undefined ? int64Scalar(0) : float32Tensor(entry.shape, values)] as const;
  });
  return stateToTensors(new Map(dict), network.entries);
}

/** Images or feature maps of a reference case ([batch, channels, height, width]) as they lie in memory. */
export function channelsLast(values: Float32Array, shape: readonly number[]): tf.Tensor4D {
  return tf.tidy(() =>
    tf.transpose(tf.tensor4d(values, shape as [number, number, number, number]), [0, 2, 3, 1]),
  );
}

/** A map in memory as a reference case has it. */
export function channelsFirst(tensor: tf.Tensor): Float32Array {
  return tf.tidy(() => tf.transpose(tensor as tf.Tensor4D, [0, 3, 1, 2]).dataSync<'float32'>());
}

/** The largest deviation, relative to the largest expected magnitude. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let worst = 0;
  let largest = 0;
  for (let index = 0; index < expected.length; index += 1) {
    worst = Math.max(worst, Math.abs(actual[index]! - expected[index]!));
    largest = Math.max(largest, Math.abs(expected[index]!));
  }
  return worst / largest;
}
