import type { PruningAmount } from './amount.ts';
import type { Masks } from './masks.ts';
import type { Standing } from './standing.ts';

/** A way of choosing which weights go. Loads no tensor code: methods are planned with. */
export interface PruningMethod {
  readonly name: string;
  readonly summary: string;
  /** JSON Schema of each of its own options. Two methods' options of one name are the same. */
  readonly options: { readonly [option: string]: OptionSchema };
  /** What the amount counts, layer by layer where that is so; absent: the options say how much goes. */
  readonly amountOf?: string;
  /** What its options get wrong together. */
  readonly problem?: (options: MethodOptions) => MethodProblem | undefined;
  /** Whether its rule can prune a layer, one of all that the model has. Default: it can. */
  readonly reaches?: (layer: PrunableLayer, of: ReachRequest) => boolean;
  /**
   * The layers after a pruning, as far as it is known without the weights. A pure function, used for the plan's promise
   * and for the check of what was done.
   */
  readonly standingAfter: (before: Standing, request: AmountRequest) => Standing;
  /** How gradients of the loss become scores, of methods that look at data. */
  readonly scoring?: Scoring;
  /** New masks of the layers given. Masked weights stay masked. */
  readonly prune: (request: PruneRequest) => Masks;
}

/** A weight that pruning may reach: its name in the state dict, in PyTorch's shape. */
export interface PrunableLayer {
  readonly name: string;
  /** Convolutions [out, in, height, width], linear [out, in]. */
  readonly shape: readonly number[];
}

/** Every option of the method, defaults filled in and checked by its schema. */
export type MethodOptions = { readonly [option: string]: unknown };

export interface MethodProblem {
  readonly option: string;
  readonly message: string;
  readonly hint: string;
}

export interface ReachRequest {
  /** All that the model lets be pruned, in its order. */
  readonly layers: readonly PrunableLayer[];
  readonly options: MethodOptions;
}

export interface AmountRequest {
  /** Undefined of methods whose options say how much goes. */
  readonly amount: PruningAmount | undefined;
  readonly options: MethodOptions;
}

export interface PruneRequest {
  /** Weights of the layers to prune by name, in the model's order, flat in PyTorch's layout; masked ones are zero. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  readonly masks: Masks;
  /** Shapes of the layers, for methods that look at filters or groups. */
  readonly shapes?: ReadonlyMap<string, readonly number[]>;
  readonly amount: PruningAmount;
  readonly seed: number;
  readonly options?: MethodOptions;
  /** What `scoring` made, in the weights' layout: of methods that have one. */
  readonly scores?: Scores;
}

/** One non-negative number a weight: the lowest go first. */
export type Scores = ReadonlyMap<string, Float32Array>;

export interface Scoring {
  /** Batches that are looked at where nothing is said. */
  readonly batches: number;
  /** Scores of weights from the mean loss's gradients on one batch after another. */
  readonly score: (weights: Scores, gradients: AsyncIterable<Scores>) => Promise<Scores>;
}

/** One option's schema, as plain data. */
export interface OptionSchema {
  readonly type?: 'number' | 'integer' | 'string';
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: number | string;
  readonly description: string;
}
