import type { adamStep, tf } from '../../tensors/index.ts';

/** A rule that turns a gradient into a step. Works on all parameters as one vector; loads no tensor code by itself. */
export interface Optimiser {
  readonly kind: string;
  readonly summary: string;
  /** Numbers of its own that a recipe may give. */
  readonly options: { readonly [name: string]: NumberOption };
  /** Names of the vectors that it keeps from step to step. Each starts at zero. */
  readonly keeps: (settings: OptimiserSettings) => readonly string[];
  /** What changes from step to step, by name: inputs of `update`. */
  readonly scalars: (settings: OptimiserSettings, moment: StepMoment) => { readonly [name: string]: number };
  /**
   * One step: a pure function, in which a parameter of zero with a gradient of zero stays zero. Throws where an input that
   * `scalars` or `keeps` names is missing.
   */
  readonly update: (step: OptimiserStep, settings: OptimiserSettings) => UpdatedParameters;
}

/** A number's schema, as plain data. */
interface NumberOption {
  readonly type: 'number';
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default: number;
  readonly description: string;
}

/** What a recipe says of its optimiser. */
export interface OptimiserSettings {
  readonly momentum: number;
  readonly nesterov: boolean;
  /** Every one of `Optimiser.options`. */
  readonly options: { readonly [name: string]: number };
}

export interface StepMoment {
  readonly learningRate: number;
  /** Steps since the optimiser started, this one included. */
  readonly step: number;
}

export interface OptimiserStep {
  /** [size] */
  readonly parameters: tf.Tensor;
  /** [size] */
  readonly gradient: tf.Tensor;
  /** Weight decay: one factor for all parameters, or [size]. Zero: none. */
  readonly decay: number | tf.Tensor;
  /** The vectors that it keeps, each [size]. */
  readonly kept: (name: string) => tf.Tensor;
  /** The scalars of this step, each []. */
  readonly scalar: (name: string) => tf.Tensor;
  /** Handed in, so that optimisers are described without tensor code. */
  readonly adamStep: typeof adamStep;
}

export interface UpdatedParameters {
  readonly parameters: tf.Tensor;
  /** The vectors kept for the next step, by name. */
  readonly kept: { readonly [name: string]: tf.Tensor };
}

/** The gradient with an L2 penalty's: g + decay w. */
export function withPenalty({ gradient, parameters, decay }: OptimiserStep): tf.Tensor {
  return decay === 0 ? gradient : gradient.add(parameters.mul(decay));
}
