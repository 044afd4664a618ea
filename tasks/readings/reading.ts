import type { InputArtifact } from '../../engine/contract/task-context.ts';
import type { HumanLevels } from './scores-file.ts';

/** The `scores` artifact that readings were read from: which bytes, and where they stand in the study. */
export type ScoresSource = Pick<InputArtifact, 'digest' | 'coordinates' | 'facts'>;

/** One metric of one `scores` artifact, with its place in the study. */
export interface Reading {
  /** One object for all readings of an artifact. */
  readonly source: ScoresSource;
  /** `localisation`, `corloc`, `accuracy`, … */
  readonly measure: string;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  readonly model: string;
  /** Share of pruned weights in 0..1. */
  readonly sparsity: number;
  readonly method: string | undefined;
  /** The out-of-distribution set. */
  readonly set: string | undefined;
  /** Remaining coordinates that tell lines apart, `pooling=l2-norm`; empty where there are none. */
  readonly variant: string;
  /** Empty where the study has no seed axis. */
  readonly seed: string;
  /** Place in the pool or chain, where there is one. */
  readonly position: number | undefined;
  readonly items: readonly string[];
  /** In the order of `items`; null where the image has no value. */
  readonly values: readonly (number | null)[];
  readonly mean: number | null;
  /** The image of each item, where several items stand for one image. In the order of `items`. */
  readonly images: readonly string[] | undefined;
  /** How often each named case occurred, where the score says so. */
  readonly cases: { readonly [name: string]: number };
  /** What people reach, where the score compares with people. */
  readonly people: number | undefined;
  /** What people did on the same images, where the score compares with people. */
  readonly humans?: HumanLevels;
  /** In the order of `items`. */
  readonly conditions: readonly (string | null)[] | undefined;
}
