import type { Raster } from '../raster.ts';
import { type MagnitudeSpace, none, posterizeBits, signedTo, solarizeLevels } from './magnitudes.ts';
import { apply, namesOf, type PolicyRequest } from './policy.ts';
import { magnitudeBins } from './rand-augment.ts';

/** TrivialAugment (Müller & Hutter 2021) with its wide space: one operation of 14, at a magnitude that is drawn. */
export function trivialAugmentWide(image: Raster, request: PolicyRequest): Raster {
  const { random } = request;
  const names = namesOf(wideSpace);
  const name = names[random.integer(names.length)]!;
  return apply(image, name, { ...request, space: wideSpace, bin: random.integer(magnitudeBins) });
}

const tone = signedTo(0.99, magnitudeBins);

export const wideSpace: MagnitudeSpace = {
  Identity: none,
  ShearX: tone,
  ShearY: tone,
  TranslateX: signedTo(32, magnitudeBins),
  TranslateY: signedTo(32, magnitudeBins),
  Rotate: signedTo(135, magnitudeBins),
  Brightness: tone,
  Color: tone,
  Contrast: tone,
  Sharpness: tone,
  Posterize: posterizeBits(6, magnitudeBins),
  Solarize: solarizeLevels(magnitudeBins),
  AutoContrast: none,
  Equalize: none,
};
