import { brightness, colour, contrast, sharpness } from './blend.ts';
import { autoContrast, equalize, invert, posterize, solarize } from './levels.ts';
import { rotate, shearX, shearY, translateX, translateY } from './move.ts';
import type { Operation } from './operation.ts';

/**
 * The operations that augmentation policies choose from, under the names of AutoAugment (Cubuk et al. 2019) and with the
 * arithmetic of Pillow, to the bit. What moved in from outside is black, as torchvision's default has it.
 */
export const operations: { readonly [name in OperationName]: Operation } = {
  Identity: (image) => image,
  ShearX: shearX,
  ShearY: shearY,
  TranslateX: translateX,
  TranslateY: translateY,
  Rotate: rotate,
  Brightness: brightness,
  Color: colour,
  Contrast: contrast,
  Sharpness: sharpness,
  Posterize: posterize,
  Solarize: solarize,
  AutoContrast: autoContrast,
  Equalize: equalize,
  Invert: invert,
};

export type OperationName =
  | 'Identity'
  | 'ShearX'
  | 'ShearY'
  | 'TranslateX'
  | 'TranslateY'
  | 'Rotate'
  | 'Brightness'
  | 'Color'
  | 'Contrast'
  | 'Sharpness'
  | 'Posterize'
  | 'Solarize'
  | 'AutoContrast'
  | 'Equalize'
  | 'Invert';
