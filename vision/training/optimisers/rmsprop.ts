import { withPenalty, type Optimiser } from './optimiser.ts';

/**
 * RMSprop (Hinton 2012, lecture 6e) as PyTorch has it, with epsilon outside the root and torchvision's numbers:
 * g += decay w; s = alpha s + (1 - alpha) g^2; v = momentum v + g / (sqrt(s) + epsilon); w -= rate v.
 */
export const rmsprop: Optimiser = {
  kind: 'rmsprop',
  summary: "the gradient over its root mean square, with the recipe's momentum",
  options: {
    alpha: {
      type: 'number',
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
      description: 'How much of the mean of squares is kept from step to step.',
    },
    epsilon: {
      type: 'number',
      exclusiveMinimum: 0,
      default: 0.0316,
      description: 'Added to the root of the mean of squares.',
    },
  },
  keeps: ({ momentum }) => (momentum === 0 ? ['squares'] : ['squares', 'velocity']),
  scalars: (_, { learningRate }) => ({ learning_rate: learningRate }),
  update: (step, { momentum, options }) => {
    const { parameters, kept, scalar } = step;
    const gradient = withPenalty(step);
    const alpha = options['alpha']!;
    const squares = kept('squares')
      .mul(alpha)
      .add(gradient.square().mul(1 - alpha));
    const scaled = gradient.div(squares.sqrt().add(options['epsilon']!));
    const velocity = momentum === 0 ? scaled : kept('velocity').mul(momentum).add(scaled);
    return {
      parameters: parameters.sub(velocity.mul(scalar('learning_rate'))),
      kept: momentum === 0 ? { squares } : { squares, velocity },
    };
  },
};
