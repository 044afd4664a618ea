import { runOperation, type Operation } from '../operation.ts';
import { tf } from '../tf.ts';
import { composedBatchNorm, composedBatchNormGradient } from './composed.ts';
import type { BatchNormAttrs, BatchNormGradientInputs, BatchNormInputs } from './shapes.ts';
import { fusedBatchNorm, fusedBatchNormGradient } from './tensorflow.ts';

/** Affine parameters, each [channels]. */
export interface BatchNormParameters {
  readonly scale: tf.Tensor;
  readonly offset: tf.Tensor;
  readonly epsilon: number;
}

export interface BatchNormResult {
  /** [batch, height, width, channels] */
  readonly y: tf.Tensor4D;
  /** [channels] */
  readonly mean: tf.Tensor1D;
  /** Biased (divided by the count), [channels]. */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch norm in training, by the statistics of the batch (Ioffe and Szegedy 2015, algorithm 1).
 * The gradient of `y` goes through the statistics; `mean` and `variance` as outputs carry none.
 * @param x - [batch, height, width, channels]
 */
export function batchNormTrain(
  x: tf.Tensor,
  { scale, offset, epsilon }: BatchNormParameters,
): BatchNormResult {
  const [y, mean, variance, ...forGradient] = runOperation(
    batchNormOperation,
    { x, scale, offset },
    { epsilon },
  );
  // The tape holds copies of its own.
  tf.dispose(forGradient);
  return { y: y as tf.Tensor4D, mean: mean as tf.Tensor1D, variance: variance as tf.Tensor1D };
}

/** Outputs dx, dscale and doffset. */
export const batchNormGradient: Operation<BatchNormGradientInputs, BatchNormAttrs> = {
  name: 'TrainingBatchNormGradient',
  composed: composedBatchNormGradient,
  tensorflow: fusedBatchNormGradient,
};

/** Outputs y, mean and variance, then spread and workspace for the gradient. */
export const batchNormOperation: Operation<BatchNormInputs, BatchNormAttrs> = {
  name: 'TrainingBatchNorm',
  composed: composedBatchNorm,
  tensorflow: fusedBatchNorm,
  gradient: {
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, true, false, true, true],
    compute([dy], [x, scale, mean, spread, workspace], { epsilon }) {
      // Outside the thunks: the engine disposes what a thunk leaves behind, and the three come together.
      const saved = { x: x!, scale: scale!, mean: mean!, spread: spread!, workspace: workspace! };
      const [dx, dScale, dOffset] = runOperation(batchNormGradient, { dy: dy!, ...saved }, { epsilon });
      return { x: () => dx!, scale: () => dScale!, offset: () => dOffset! };
    },
  },
};
