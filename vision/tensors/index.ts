/** Tensors: backends, and operations whose gradients are right on each of them. The only way to tfjs. */
export { tf } from './tf.ts';
export { availableBackends, startBackend, type BackendName } from './backend.ts';
export { gelu } from './activation/gelu.ts';
export { relu } from './activation/relu.ts';
export { conv2d, conv2dTransposed } from './convolution/conv2d.ts';
export type { ConvGeometry } from './convolution/geometry.ts';
export type { PoolGeometry } from './pooling/geometry.ts';
export { biasAdd } from './linear/bias-add.ts';
export { linear, matrixProduct } from './linear/linear.ts';
export { softmaxCrossEntropy } from './loss/softmax-cross-entropy.ts';
export { batchNormEval } from './normalisation/batch-norm-eval.ts';
export { batchNormTrain } from './normalisation/batch-norm-train.ts';
export { layerNorm } from './normalisation/layer-norm.ts';
export { unitRows } from './normalisation/unit-rows.ts';
export { becomesGraph, compileBatches, type BatchFunction } from './compile-batches.ts';
export { compileRows, type RowFunction, type RowsRequest } from './compile-rows.ts';
export {
  runEagerly,
  type NamedTensors,
  type Program,
  type Programs,
  type RunningPrograms,
} from './program.ts';
export { startPrograms } from './start-programs.ts';
export { globalAveragePool } from './pooling/global-average-pool.ts';
export { maxPool } from './pooling/max-pool.ts';
export { resizeBicubicAligned, resizeBilinear, resizeNearest } from './resizing/resize.ts';
export { rearrangeRows } from './rows/rearrange.ts';
export { adamStep } from './update/adam-step.ts';
export { halfSquaredLength } from './update/squared-length.ts';
