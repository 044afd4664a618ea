import { withPenalty, type Optimiser, type OptimiserSettings, type StepMoment } from './optimiser.ts';
import type { OptimiserStep, UpdatedParameters } from './optimiser.ts';

const beta = { type: 'number', minimum: 0, exclusiveMaximum: 1 } as const;

/** The numbers that Adam and AdamW share, with PyTorch's defaults. */
export const adamOptions: Optimiser['options'] = {
  beta1: { ...beta, default: 0.9, description: 'How much of the mean of gradients is kept.' },
  beta2: { ...beta, default: 0.999, description: 'How much of the mean of squares is kept.' },
  epsilon: {
    type: 'number',
    exclusiveMinimum: 0,
    default: 1e-8,
    description: 'Added to the root of the mean of squares.',
  },
};

/** Adam (Kingma and Ba 2015, algorithm 1), its weight decay an L2 penalty: g += decay w, then `adamUpdate`. */
export const adam: Optimiser = {
  kind: 'adam',
  summary: 'moving means of gradient and squares; the weight decay is an L2 penalty',
  options: adamOptions,
  keeps: () => adamMeans,
  scalars: adamScalars,
  update: (step, settings) => adamUpdate(step, withPenalty(step), settings),
};

export const adamMeans: readonly string[] = ['mean', 'squares'];

/** The rate and the root with their bias corrections, which float32 would round: they are worked out beforehand. */
export function adamScalars(
  { options }: OptimiserSettings,
  { learningRate, step }: StepMoment,
): { readonly learning_rate: number; readonly step_size: number; readonly root_correction: number } {
  return {
    learning_rate: learningRate,
    step_size: learningRate / (1 - options['beta1']! ** step),
    root_correction: Math.sqrt(1 - options['beta2']! ** step),
  };
}

/**
 * m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) g^2; with c1, c2 = 1 - beta^step:
 * w -= rate / c1 m / (sqrt(s) / sqrt(c2) + epsilon).
 */
export function adamUpdate(
  { parameters, kept, scalar }: OptimiserStep,
  gradient: ReturnType<typeof withPenalty>,
  { options }: OptimiserSettings,
): UpdatedParameters {
  const [beta1, beta2] = [options['beta1']!, options['beta2']!];
  const mean = kept('mean')
    .mul(beta1)
    .add(gradient.mul(1 - beta1));
  const squares = kept('squares')
    .mul(beta2)
    .add(gradient.square().mul(1 - beta2));
  const root = squares.sqrt().div(scalar('root_correction')).add(options['epsilon']!);
  return {
    parameters: parameters.sub(mean.mul(scalar('step_size')).div(root)),
    kept: { mean, squares },
  };
}
