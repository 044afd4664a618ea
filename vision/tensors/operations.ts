import { reluGradient, reluOperation } from './activation/relu.ts';
import { biasGradient, biasOperation } from './add-bias.ts';
import { conv2dInputGradient, conv2dKernelGradient, conv2dOperation } from './convolution/conv2d.ts';
import { batchNormGradient, batchNormOperation } from './normalisation/batch-norm-train.ts';
import { registerable, type RegisterableOperation } from './operation.ts';
import { maxPoolGradient, maxPoolOperation } from './pooling/max-pool.ts';

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
  registerable(biasOperation),
  registerable(biasGradient),
];
