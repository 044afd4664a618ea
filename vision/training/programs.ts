import { adamStep, tf, type NamedTensors, type Program, type Programs } from '../tensors/index.ts';
import { clipped } from './clip.ts';
import { averaged, averagedCount } from './ema.ts';
import { lossAndGradient } from './loss-and-gradient.ts';
import type { TrainingParts } from './parts.ts';
import { inputNames, stateNames } from './state-names.ts';

/**
 * The programs of a training. They share one state, whose names are `stateNames`; their inputs' are `inputNames`.
 * `step`: a whole step on one batch. `accumulate`: a piece of a larger step; `update`: the end of one.
 * `average`: brings the moving averages up to date.
 */
export function trainingPrograms(parts: TrainingParts): Programs {
  return {
    step: (from) => {
      const { gradient, state } = lossAndGradient(parts, from);
      return { state: new Map([...state, ...descend(parts, { ...from, gradient })]), outputs: new Map() };
    },
    accumulate: (from) => {
      const { gradient, state } = lossAndGradient(parts, from);
      const share = tf.mul(gradient, from.inputs.get(inputNames.weight)!);
      const sum = tf.add(from.state.get(stateNames.gradient)!, share);
      return { state: new Map([...state, [stateNames.gradient, sum]]), outputs: new Map() };
    },
    update: (from) => {
      const gradient = from.state.get(stateNames.gradient)!;
      const state = new Map(descend(parts, { ...from, gradient }));
      return { state: state.set(stateNames.gradient, tf.zerosLike(gradient)), outputs: new Map() };
    },
    average,
  };
}

/** The parameters after a step along the gradient, and what the optimiser keeps. */
function descend(
  { optimiser, settings, decay, longestGradient }: TrainingParts,
  from: { readonly state: NamedTensors; readonly inputs: NamedTensors; readonly gradient: tf.Tensor },
): readonly (readonly [string, tf.Tensor])[] {
  const { state, inputs } = from;
  const gradient = longestGradient === null ? from.gradient : clipped(from.gradient, longestGradient);
  const { parameters, kept } = optimiser.update(
    {
      parameters: state.get(stateNames.parameters)!,
      gradient,
      decay: decay ?? state.get(stateNames.decay)!,
      kept: (name) => state.get(stateNames.optimiser(name))!,
      scalar: (name) => inputs.get(inputNames.scalar(name))!,
      adamStep,
    },
    settings,
  );
  const vectors = Object.entries(kept).map(([name, vector]) => [stateNames.optimiser(name), vector] as const);
  return [[stateNames.parameters, parameters], ...vectors];
}

/** Every average in the state takes its share of what it is the average of. */
const average: Program = ({ state, inputs }) => {
  const kept = inputs.get(inputNames.kept)!;
  const next = [...state].flatMap(([name, value]) => {
    const before = state.get(stateNames.average(name));
    if (before === undefined) return [];
    const rule = name === stateNames.counters ? averagedCount : averaged;
    return [[stateNames.average(name), rule(before, value, kept)] as const];
  });
  return { state: new Map(next), outputs: new Map() };
};
