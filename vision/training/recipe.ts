import type { Augment } from '../data/augment.ts';
import type { Augmentation } from '../data/augmentation/augmentation.ts';
import type { Ema } from './ema.ts';
import type { Schedule, WarmUp } from './schedule.ts';

/** How a model is trained: everything but the model, the data and the seed. Names as a study writes them. */
export interface Recipe {
  readonly epochs: number;
  /** Images that the network sees at once, and, times `accumulate`, that a step is made of. */
  readonly batch: number;
  /** Batches to a step. */
  readonly accumulate: number;
  /** Images of a batch in one pass, where memory is short; norms over the batch then see the piece. Null: all. */
  readonly micro_batch: number | null;
  readonly optimizer: OptimizerChoice;
  readonly learning_rate: number;
  /** Of SGD and RMSprop. */
  readonly momentum: number;
  /** Of SGD. */
  readonly nesterov: boolean;
  /** How far weights are drawn to zero: an L2 penalty, but in AdamW, where it is apart from the gradient. */
  readonly weight_decay: number;
  /** The same for norms, biases and embeddings alone (`decayGroups`); null: as for all. */
  readonly norm_weight_decay: number | null;
  readonly bias_weight_decay: number | null;
  readonly embedding_weight_decay: number | null;
  /** Longest gradient; null: any. */
  readonly clip_grad_norm: number | null;
  readonly schedule: Schedule;
  readonly warmup: WarmUp;
  readonly label_smoothing: number;
  /** The parameter of the Beta distribution of shares; 0: off. */
  readonly mixup: number;
  readonly cutmix: number;
  readonly ema: Ema | null;
  readonly crop: Crop;
  /** Mirrors every second image at random. */
  readonly flip: boolean;
  /** A policy that changes tones and geometry. */
  readonly augmentation: Augmentation | { readonly kind: 'none' };
  /** Probability that a rectangle of an image is erased. */
  readonly random_erasing: number;
  /** How often an image stands in an epoch, each time changed otherwise; the epoch has as many images as without. */
  readonly repeats: number;
}

/** An optimiser of the registry, and those of its options that differ from their defaults. */
export interface OptimizerChoice {
  readonly kind: string;
  readonly [option: string]: string | number;
}

/** How training images are cut out. */
type Crop =
  /** As in evaluation. */
  | { readonly kind: 'centre' }
  /** Evaluation's, moved at random by up to `padding` pixels. */
  | { readonly kind: 'padded'; readonly padding: number }
  /** A random window of the image, by its share of the area and its aspect ratio, resized to the input size. */
  | {
      readonly kind: 'resized';
      readonly scale: readonly [number, number];
      readonly ratio: readonly [number, number];
    };

/** What of the recipe the loader does. */
export function augmentOf({ crop, flip, augmentation, random_erasing: erase }: Recipe): Augment {
  return {
    ...(crop.kind === 'centre' ? {} : { crop }),
    flip,
    ...(augmentation.kind === 'none' ? {} : { augmentation }),
    ...(erase === 0 ? {} : { erase }),
  };
}
