/** Tensors: backends, and operations whose gradients are right on each of them. The only way to tfjs. */
export { tf } from './tf.ts';
export {
  availableBackends,
  startBackend,
  type BackendAvailability,
  type BackendInfo,
  type BackendName,
  type BackendRequest,
} from './backend.ts';
export { relu, type ReluRule } from './activation/relu.ts';
export { conv2d } from './convolution/conv2d.ts';
export type { ConvGeometry } from './convolution/geometry.ts';
export { linear } from './linear.ts';
export { softmaxCrossEntropy } from './loss/softmax-cross-entropy.ts';
export { batchNormEval, type BatchNormState } from './normalisation/batch-norm-eval.ts';
export {
  batchNormTrain,
  type BatchNormParameters,
  type BatchNormResult,
} from './normalisation/batch-norm-train.ts';
export type { PoolGeometry } from './pooling/geometry.ts';
export { globalAveragePool } from './pooling/global-average-pool.ts';
export { maxPool } from './pooling/max-pool.ts';
export { resizeBilinear, resizeNearest } from './resizing/resize.ts';
