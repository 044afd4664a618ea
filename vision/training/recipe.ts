import type { Augment } from '../data/augment.ts';
import type { Schedule, WarmUp } from './schedule.ts';

/** How a model is trained: everything but the model, the data and the seed. Names as a study writes them. */
export interface Recipe {
  readonly epochs: number;
  /** Images in a step. */
  readonly batch: number;
  readonly learning_rate: number;
  readonly momentum: number;
  readonly nesterov: boolean;
  /** L2 penalty added to every parameter's gradient. */
  readonly weight_decay: number;
  readonly schedule: Schedule;
  readonly warmup: WarmUp;
  readonly label_smoothing: number;
  readonly crop: Crop;
  /** Mirrors every second image at random. */
  readonly flip: boolean;
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
export function augmentOf({ crop, flip }: Recipe): Augment {
  return crop.kind === 'centre' ? { flip } : { crop, flip };
}
