import { withPenalty, type Optimiser } from './optimiser.ts';

/**
 * Stochastic gradient descent with momentum, as PyTorch has it (Sutskever et al. 2013, but with the learning rate outside
 * the velocity): g += decay w; v = momentum v + g; w -= rate (nesterov ? g + momentum v : v).
 */
export const sgd: Optimiser = {
  kind: 'sgd',
  summary: "stochastic gradient descent with the recipe's momentum",
  options: {},
  keeps: ({ momentum }) => (momentum === 0 ? [] : ['velocity']),
  scalars: (_, { learningRate }) => ({ learning_rate: learningRate }),
  update: (step, { momentum, nesterov }) => {
    const { parameters, kept, scalar } = step;
    const gradient = withPenalty(step);
    const rate = scalar('learning_rate');
    if (momentum === 0) return { parameters: parameters.sub(gradient.mul(rate)), kept: {} };
    const velocity = kept('velocity').mul(momentum).add(gradient);
    const direction = nesterov ? gradient.add(velocity.mul(momentum)) : velocity;
    return { parameters: parameters.sub(direction.mul(rate)), kept: { velocity } };
  },
};
