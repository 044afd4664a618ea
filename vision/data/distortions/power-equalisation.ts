import { fourier, inverseFourier } from '../fourier.ts';
import type { Raster } from '../raster.ts';
import { fromGrey, type Plane, toGrey } from '../plane.ts';
import { type Distortion, unknownCondition } from './distortion.ts';

/** Grey as it is (`0`), or (`pow`) with its own phases but the amplitudes that images have on average. */
export const powerEqualisation: Distortion = (image, { condition, meanAmplitude }) => {
  const grey = toGrey(image);
  if (condition === '0') return fromGrey(grey);
  if (condition !== 'pow') throw unknownCondition('power equalisation', condition);
  const spectrum = fourier(grey);
  const wanted = meanAmplitude().data;
  const { real, imaginary } = spectrum;
  for (let at = 0; at < real.length; at += 1) {
    const amplitude = Math.sqrt(real[at]! ** 2 + imaginary[at]! ** 2);
    // A frequency without amplitude has no phase; 0 is as good as any.
    real[at] = amplitude === 0 ? wanted[at]! : (real[at]! / amplitude) * wanted[at]!;
    imaginary[at] = amplitude === 0 ? 0 : (imaginary[at]! / amplitude) * wanted[at]!;
  }
  return fromGrey(inverseFourier(spectrum));
};

/** The mean over images (all of one size) of the amplitude of each frequency of their grey. */
export function meanAmplitudeOf(images: readonly Raster[]): Plane {
  const [{ width, height }] = images as readonly [Raster, ...Raster[]];
  const data = new Float64Array(width * height);
  for (const image of images) {
    const { real, imaginary } = fourier(toGrey(image));
    for (let at = 0; at < data.length; at += 1) {
      data[at] = data[at]! + Math.sqrt(real[at]! ** 2 + imaginary[at]! ** 2) / images.length;
    }
  }
  return { width, height, data };
}
