import { adamMeans, adamOptions, adamScalars, adamUpdate } from './adam.ts';
import type { Optimiser } from './optimiser.ts';

/** AdamW (Loshchilov and Hutter 2019, algorithm 2): the weights shrink by rate x decay, then Adam's step on the bare gradient. */
export const adamw: Optimiser = {
  kind: 'adamw',
  summary: 'Adam, its weight decay apart from the gradient',
  options: adamOptions,
  keeps: () => adamMeans,
  scalars: adamScalars,
  update: (step, settings) => {
    const { parameters, decay, gradient, scalar } = step;
    if (decay === 0) return adamUpdate(step, gradient, settings);
    const left = scalar('learning_rate').mul(decay).neg().add(1);
    return adamUpdate({ ...step, parameters: parameters.mul(left) }, gradient, settings);
  },
};
