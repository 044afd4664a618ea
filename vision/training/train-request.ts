import type { ImageSet } from '../data/image-set.ts';
import type { Preprocessing } from '../models/model-entry.ts';
import type { Network } from '../models/network.ts';
import type { Masks } from '../pruning/masks.ts';
import type { StateDict } from '../weights/state-dict.ts';
import type { EpochRecord } from './position.ts';
import type { Recipe } from './recipe.ts';
import type { Snapshot } from './snapshot.ts';

export interface TrainRequest {
  readonly network: Network;
  /** The weights to start from. */
  readonly initial: StateDict;
  readonly masks: Masks | undefined;
  readonly set: ImageSet;
  readonly preprocessing: Preprocessing;
  readonly recipe: Recipe;
  /** Which of the recipe's epochs: all, if not said. */
  readonly epochs?: EpochRange;
  readonly seed: number;
  /** A snapshot to go on from. */
  readonly resume?: Snapshot;
  /** Called at each epoch's end, every `snapshotEveryMs`, and once when the signal is aborted. */
  readonly onSnapshot: (snapshot: Snapshot) => Promise<void>;
  readonly snapshotEveryMs: number;
  /** Called about once a second. */
  readonly onProgress: (progress: TrainProgress) => void;
  /** Milliseconds that only go forward. */
  readonly now: () => number;
  readonly signal?: AbortSignal;
}

/** Epochs of a recipe, counted from 0: `from` and what follows, without `to`. */
export interface EpochRange {
  readonly from: number;
  readonly to: number;
}

export interface TrainProgress {
  readonly epoch: number;
  /** Images of all epochs that are trained. */
  readonly imagesDone: number;
  readonly imagesTotal: number;
  /** Mean over the epoch so far, in nats. */
  readonly loss: number;
  readonly imagesPerSecond: number;
}

export type TrainResult =
  | { readonly kind: 'trained'; readonly state: StateDict; readonly history: readonly EpochRecord[] }
  /** The loss is no longer a number. */
  | { readonly kind: 'diverged'; readonly epoch: number; readonly learningRate: number };
