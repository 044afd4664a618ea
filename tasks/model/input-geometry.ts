import type { Preprocessing } from '../../vision/models/model-entry.ts';

/**
 * The model's preprocessing for images of any size. Models of small images (CIFAR) are trained on images that need no
 * resizing and say none; larger images are shrunk to the input, never cropped out of the middle.
 */
export function forAnyImage(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, resize: preprocessing.resize ?? preprocessing.crop };
}

/**
 * For stimuli that were made at the input's size (the 17 sets are 224 already): the whole image, without the margin that
 * the usual centre crop cuts off.
 */
export function forWholeImage(preprocessing: Preprocessing): Preprocessing {
  return { ...preprocessing, resize: preprocessing.crop };
}
