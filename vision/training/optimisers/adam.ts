import { adamShare } from '../../tensors/update/adam-share.ts';
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

/**
 * The rate and epsilon with their bias corrections, which float32 would round: they are worked out beforehand. So is what
 * float32 does to 1 - beta, by whose share of the true one each moment is larger.
 */
export function adamScalars(
  { options }: OptimiserSettings,
  { learningRate, step }: StepMoment,
): { readonly learning_rate: number; readonly step_size: number; readonly epsilon: number } {
  const [beta1, beta2] = [options['beta1']!, options['beta2']!];
  const mean = (1 - beta1 ** step) * (adamShare(beta1) / (1 - beta1));
  const root = Math.sqrt((1 - beta2 ** step) * (adamShare(beta2) / (1 - beta2)));
  return {
    learning_rate: learningRate,
    step_size: (learningRate * root) / mean,
    epsilon: options['epsilon']! * root,
  };
}

/**
 * m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) g^2; with c1, c2 = 1 - beta^step:
 * w -= rate / c1 m / (sqrt(s) / sqrt(c2) + epsilon), which is rate sqrt(c2) / c1 m / (sqrt(s) + epsilon sqrt(c2)).
 */
export function adamUpdate(
  { parameters, kept, scalar, adamStep }: OptimiserStep,
  gradient: ReturnType<typeof withPenalty>,
  { options }: OptimiserSettings,
): UpdatedParameters {
  const { parameters: next, ...moments } = adamStep(
    { parameters, mean: kept('mean'), squares: kept('squares') },
    {
      gradient,
      rate: scalar('step_size'),
      epsilon: scalar('epsilon'),
      beta1: options['beta1']!,
      beta2: options['beta2']!,
    },
  );
  return { parameters: next, kept: moments };
}
