import type { Raster } from '../raster.ts';
import { autoAugment } from './auto-augment.ts';
import type { PolicyRequest } from './policy.ts';
import { randAugment } from './rand-augment.ts';
import { trivialAugmentWide } from './trivial-augment-wide.ts';

/** How tones and geometry of a training image are changed at random; names as a study writes them. */
export type Augmentation =
  | { readonly kind: 'auto-augment' }
  /** `magnitude` is 0 … 30. */
  | { readonly kind: 'rand-augment'; readonly operations: number; readonly magnitude: number }
  | { readonly kind: 'trivial-augment-wide' };

/** Changes an image as its policy draws it. */
export function augmentTones(image: Raster, policy: Augmentation, request: PolicyRequest): Raster {
  switch (policy.kind) {
    case 'auto-augment':
      return autoAugment(image, request);
    case 'rand-augment':
      return randAugment(image, { ...policy, ...request });
    case 'trivial-augment-wide':
      return trivialAugmentWide(image, request);
  }
}
