import { avgPoolGrad } from './avg-pool-grad.ts';
import { conv2dBackpropFilter } from './conv2d-backprop-filter.ts';
import { depthwiseBackpropFilter } from './depthwise-backprop-filter.ts';
import { depthwiseBackpropInput } from './depthwise-backprop-input.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';
import { registerWasmKernel } from './wasm-kernel.ts';

/** Registers the kernels that training needs and that tfjs' wasm backend lacks or computes wrongly. */
export function registerWasmKernels(): void {
  registerWasmKernel(avgPoolGrad);
  registerWasmKernel(conv2dBackpropFilter);
  registerWasmKernel(depthwiseBackpropFilter);
  registerWasmKernel(depthwiseBackpropInput);
  registerWasmKernel(maxPoolGrad);
  registerWasmKernel(unsortedSegmentSum);
}
