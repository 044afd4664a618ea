import type { Preprocessing } from '../models/model-entry.ts';
import type { Random } from '../random/random.ts';
import { augmentTones, type Augmentation } from './augmentation/augmentation.ts';
import { cropAt, cutOut, flipHorizontally, type Window } from './geometry.ts';
import type { Raster } from './raster.ts';
import { resizeAndCrop } from './preprocess.ts';
import { resize } from './resize.ts';

/** Random changes of a training image. */
export interface Augment {
  readonly crop?: RandomCrop;
  /** Mirrors every second image. */
  readonly flip?: boolean;
  /** A policy that changes tones and geometry, after crop and flip. */
  readonly augmentation?: Augmentation;
  /** Probability that a rectangle is erased: zeros, after normalising. */
  readonly erase?: number;
}

export type RandomCrop =
  /** Evaluation's geometry, then a window moved by up to `padding` pixels; black beyond the border (He et al. 2016, CIFAR). */
  | { readonly kind: 'padded'; readonly padding: number }
  /** A window of random area (as a share of the image's) and aspect ratio, resized to the input size (Szegedy et al. 2015). */
  | {
      readonly kind: 'resized';
      readonly scale: readonly [number, number];
      readonly ratio: readonly [number, number];
    };

/** torchvision's window for ImageNet. */
export const randomResizedCrop: RandomCrop = { kind: 'resized', scale: [0.08, 1], ratio: [3 / 4, 4 / 3] };

/** @returns an image of `crop` x `crop` pixels. */
export function augmentImage(
  image: Raster,
  request: { readonly preprocessing: Preprocessing; readonly augment: Augment; readonly random: Random },
): Raster {
  const { augment, preprocessing, random } = request;
  const cropped = cropRandomly(image, request);
  if (augment.augmentation === undefined) return cropped;
  return augmentTones(cropped, augment.augmentation, { interpolation: preprocessing.interpolation, random });
}

/** Crops, then flips. */
function cropRandomly(
  image: Raster,
  request: { readonly preprocessing: Preprocessing; readonly augment: Augment; readonly random: Random },
): Raster {
  const { preprocessing, random } = request;
  const { crop, flip = false } = request.augment;
  const side = preprocessing.crop;
  switch (crop?.kind) {
    case undefined: {
      const middle = resizeAndCrop(image, preprocessing);
      return flip && random.chance(0.5) ? flipHorizontally(middle) : middle;
    }
    case 'padded': {
      const shift = (): number => random.integer(2 * crop.padding + 1) - crop.padding;
      const moved = cropAt(resizeAndCrop(image, preprocessing), { left: shift(), top: shift(), crop: side });
      return flip && random.chance(0.5) ? flipHorizontally(moved) : moved;
    }
    case 'resized': {
      const window = cutOut(image, randomWindow(image, crop, random));
      const { interpolation } = preprocessing;
      return resize(window, { width: side, height: side, interpolation, mirror: flip && random.chance(0.5) });
    }
  }
}

/** torchvision's rule: ten tries, then the largest centred window within the ratios. */
function randomWindow(
  image: Raster,
  { scale, ratio }: RandomCrop & { kind: 'resized' },
  random: Random,
): Window {
  const [low, high] = [Math.log(ratio[0]), Math.log(ratio[1])];
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const area = image.width * image.height * (scale[0] + random.uniform() * (scale[1] - scale[0]));
    const aspect = Math.exp(low + random.uniform() * (high - low));
    const width = Math.round(Math.sqrt(area * aspect));
    const height = Math.round(Math.sqrt(area / aspect));
    if (width < 1 || height < 1 || width > image.width || height > image.height) continue;
    return {
      left: random.integer(image.width - width + 1),
      top: random.integer(image.height - height + 1),
      width,
      height,
    };
  }
  const aspect = image.width / image.height;
  const width = aspect > ratio[1] ? Math.round(image.height * ratio[1]) : image.width;
  const height = aspect < ratio[0] ? Math.round(image.width / ratio[0]) : image.height;
  return {
    left: Math.floor((image.width - width) / 2),
    top: Math.floor((image.height - height) / 2),
    width,
    height,
  };
}
