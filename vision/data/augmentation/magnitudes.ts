import type { Size } from '../geometry.ts';
import type { OperationName } from './operations.ts';

/** The magnitudes of an operation, weakest first; a signed one is turned around in every second use. */
export interface Magnitudes {
  readonly values: ArrayLike<number>;
  readonly signed: boolean;
}

export type MagnitudeSpace = { readonly [name in OperationName]?: Magnitudes };

/** For operations that are done or not. */
export const none: Magnitudes = { values: [0], signed: false };

export function signedTo(end: number, bins: number): Magnitudes {
  return { values: linspace(0, end, bins), signed: true };
}

/** Levels from which pixels are inverted: none of them at first. */
export function solarizeLevels(bins: number): Magnitudes {
  return { values: linspace(255, 0, bins), signed: false };
}

/** Bits that are kept: all 8 at first, `fewer` less in the end. */
export function posterizeBits(fewer: number, bins: number): Magnitudes {
  const perBit = Math.fround((bins - 1) / fewer);
  return {
    values: Array.from({ length: bins }, (_, bin) => 8 - roundHalfToEven(Math.fround(bin / perBit))),
    signed: false,
  };
}

/** AutoAugment's space (Cubuk et al. 2019, table 6), which RandAugment shares; shifts are in proportion to 331 pixels. */
export function autoAugmentSpace({ width, height }: Size, bins: number): MagnitudeSpace {
  const tone = signedTo(0.9, bins);
  return {
    ShearX: signedTo(0.3, bins),
    ShearY: signedTo(0.3, bins),
    TranslateX: signedTo((150 / 331) * width, bins),
    TranslateY: signedTo((150 / 331) * height, bins),
    Rotate: signedTo(30, bins),
    Brightness: tone,
    Color: tone,
    Contrast: tone,
    Sharpness: tone,
    Posterize: posterizeBits(4, bins),
    Solarize: solarizeLevels(bins),
    AutoContrast: none,
    Equalize: none,
  };
}

/** PyTorch's, in float32 with fused multiplication: counted up to the middle, and down from the end behind it. */
function linspace(start: number, end: number, bins: number): Float32Array {
  const [first, last] = [Math.fround(start), Math.fround(end)];
  const step = Math.fround(Math.fround(last - first) / (bins - 1));
  return Float32Array.from({ length: bins }, (_, bin) =>
    bin < Math.floor(bins / 2) ? first + step * bin : last - step * (bins - bin - 1),
  );
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
