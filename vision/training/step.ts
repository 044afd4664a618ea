import type { Network, State } from '../models/network.ts';
import { softmaxCrossEntropy, tf } from '../tensors/index.ts';
import type { FlatParameters } from './flat-parameters.ts';
import { sgdStep, type SgdScalars } from './sgd.ts';

/** All that a step changes. Each tensor is owned by whoever holds the state. */
export interface TrainingState {
  /** [parameters], in memory layout; pruned weights are zero and stay so. */
  readonly parameters: tf.Tensor1D;
  /** [parameters] */
  readonly velocity: tf.Tensor1D;
  /** Running statistics by name. */
  readonly buffers: State;
  /** [2]: over the epoch's images so far, the sum of their losses, and how many were classified right. */
  readonly meters: tf.Tensor1D;
}

/** What stays the same over the steps. */
export interface StepProgram {
  readonly network: Network;
  readonly flat: FlatParameters;
  /** [parameters] of 0 and 1; undefined where nothing is pruned. Applied in every forward pass. */
  readonly mask: tf.Tensor1D | undefined;
  readonly labelSmoothing: number;
}

export interface StepBatch {
  /** [batch, height, width, 3] */
  readonly images: tf.Tensor4D;
  /** [batch], int32 */
  readonly labels: tf.Tensor1D;
}

/** One gradient step: a pure function of state, batch and scalars. The caller owns the new state, and the old one still. */
export function trainingStep(
  program: StepProgram,
  { state, batch, scalars }: { state: TrainingState; batch: StepBatch; scalars: SgdScalars },
): TrainingState {
  const { network, flat, mask, labelSmoothing } = program;
  const { images, labels } = batch;
  const updates = new Map<string, tf.Tensor>();
  const [parameters, velocity, meters] = tf.tidy(() => {
    let right: tf.Tensor | undefined;
    const { value: loss, grad: gradient } = tf.valueAndGrad((vector: tf.Tensor) => {
      const live = mask === undefined ? vector : tf.mul(vector, mask);
      const forwardState = new Map([...state.buffers, ...flat.unpack(live as tf.Tensor1D)]);
      const logits = network.forward({ state: forwardState, input: images, training: { updates } });
      right = tf.keep(tf.tidy(() => tf.sum(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32'))));
      return softmaxCrossEntropy(logits, labels, { labelSmoothing });
    })(state.parameters);
    const next = sgdStep({ parameters: state.parameters, velocity: state.velocity, gradient }, scalars);
    const total = tf.add(state.meters, tf.stack([tf.mul(loss, images.shape[0]), right!]));
    right!.dispose();
    return [next.parameters, next.velocity, total] as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
  });
  return { parameters, velocity, meters, buffers: new Map([...state.buffers, ...updates]) };
}

/** Frees a state's tensors but those that `next` took over unchanged. */
export function disposeTrainingState(state: TrainingState, next?: TrainingState): void {
  const kept = new Set(next === undefined ? [] : tensorsOf(next));
  tf.dispose(tensorsOf(state).filter((tensor) => !kept.has(tensor)));
}

function tensorsOf({ parameters, velocity, meters, buffers }: TrainingState): tf.Tensor[] {
  return [parameters, velocity, meters, ...buffers.values()];
}
