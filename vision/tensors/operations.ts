import { geluGradient, geluOperation } from './activation/gelu.ts';
import { reluGradient, reluOperation } from './activation/relu.ts';
import { conv2dInputGradient, conv2dKernelGradient, conv2dOperation } from './convolution/conv2d.ts';
import { biasAddOperation, channelSumsOperation } from './linear/bias-add.ts';
import { matrixProductOperation } from './linear/linear.ts';
import { batchNormGradient, batchNormOperation } from './normalisation/batch-norm-train.ts';
import { layerNormGradient, layerNormOperation } from './normalisation/layer-norm.ts';
import { unitRowsGradient, unitRowsOperation } from './normalisation/unit-rows.ts';
import { registerable, type RegisterableOperation } from './operation.ts';
import { maxPoolGradient, maxPoolOperation } from './pooling/max-pool.ts';
import { rearrangeOperation } from './rows/rearrange.ts';
import { adamStepOperation } from './update/adam-step.ts';
import { halfSquaredLengthOperation } from './update/squared-length.ts';

/** Every operation that is a kernel of our own. */
export const operations: readonly RegisterableOperation[] = [
  registerable(conv2dOperation),
  registerable(conv2dInputGradient),
  registerable(conv2dKernelGradient),
  registerable(maxPoolOperation),
  registerable(maxPoolGradient),
  registerable(reluOperation),
  registerable(reluGradient),
  registerable(batchNormOperation),
  registerable(batchNormGradient),
  registerable(matrixProductOperation),
  registerable(biasAddOperation),
  registerable(channelSumsOperation),
  registerable(geluOperation),
  registerable(geluGradient),
  registerable(layerNormOperation),
  registerable(layerNormGradient),
  registerable(unitRowsOperation),
  registerable(unitRowsGradient),
  registerable(rearrangeOperation),
  registerable(adamStepOperation),
  registerable(halfSquaredLengthOperation),
];
