import { runOperation, type Operation } from '../operation.ts';
import { tf } from '../tf.ts';
import { composedBatchNorm, composedBatchNormGradient } from './composed.ts';
import type {
  BatchNormAttrs,
  BatchNormGradientInputs,
  BatchNormInputs,
  TrainingBatchNormAttrs,
} from './shapes.ts';
import { fusedBatchNorm, fusedBatchNormGradient } from './tensorflow.ts';

/** Affine parameters and running statistics, each [channels]. */
export interface BatchNormParameters {
  readonly scale: tf.Tensor;
  readonly offset: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  readonly epsilon: number;
  /** Share of the batch in the new running statistics; above 0, at most 1. */
  readonly momentum: number;
}

export interface BatchNormResult {
  /** [batch, height, width, channels] */
  readonly y: tf.Tensor4D;
  /** New running mean, [channels]. */
  readonly mean: tf.Tensor1D;
  /** New running variance, [channels]; the batch's part of it is unbiased (divided by the count less one). */
  readonly variance: tf.Tensor1D;
}

/**
 * Batch norm in training, by the statistics of the batch (Ioffe and Szegedy 2015, algorithm 1).
 * The gradient of `y` goes through the statistics; `mean` and `variance` as outputs carry none.
 * @param x - [batch, height, width, channels]
 */
export function batchNormTrain(x: tf.Tensor, parameters: BatchNormParameters): BatchNormResult {
  const { epsilon, momentum, ...inputs } = parameters;
  const outputs = runOperation(batchNormOperation, { x, ...inputs }, { epsilon, momentum });
  const [y, mean, variance, ...forGradient] = outputs;
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

/** Outputs y, new running mean and variance, then the batch's mean, spread and workspace for the gradient. */
export const batchNormOperation: Operation<BatchNormInputs, TrainingBatchNormAttrs> = {
  name: 'TrainingBatchNorm',
  composed: composedBatchNorm,
  tensorflow: fusedBatchNorm,
  gradient: {
    inputsToSave: ['x', 'scale'],
    outputsToSave: [false, false, false, true, true, true],
    compute([dy], [x, scale, mean, spread, workspace], { epsilon }) {
      // Outside the thunks: the engine disposes what a thunk leaves behind, and the three come together.
      const saved = { x: x!, scale: scale!, mean: mean!, spread: spread!, workspace: workspace! };
      const [dx, dScale, dOffset] = runOperation(batchNormGradient, { dy: dy!, ...saved }, { epsilon });
      return { x: () => dx!, scale: () => dScale!, offset: () => dOffset! };
    },
  },
};
