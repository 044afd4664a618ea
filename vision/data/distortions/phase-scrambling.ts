import { fourier, inverseFourier } from '../fourier.ts';
import { fromGrey, toGrey } from '../plane.ts';
import { type Distortion, level } from './distortion.ts';

/**
 * Grey, with a random shift added to the phase of each frequency, even between minus and plus the condition in degrees.
 * A frequency and its negative get opposite shifts, so that the image stays real; the mean, and at even sizes the
 * highest frequency of each axis (which has no negative), stay as they are.
 */
export const phaseScrambling: Distortion = (image, { condition, random }) => {
  const width = (level(condition) * Math.PI) / 180;
  const spectrum = fourier(toGrey(image));
  const { width: columns, height: rows, real, imaginary } = spectrum;
  const turnPhase = (at: number, shift: number): void => {
    const [cos, sin] = [Math.cos(shift), Math.sin(shift)];
    const [re, im] = [real[at]!, imaginary[at]!];
    real[at] = re * cos - im * sin;
    imaginary[at] = re * sin + im * cos;
  };
  for (let v = 0; v < rows; v += 1) {
    for (let u = 0; u < columns; u += 1) {
      const at = v * columns + u;
      const negative = ((rows - v) % rows) * columns + ((columns - u) % columns);
      if (negative <= at || 2 * u === columns || 2 * v === rows) continue;
      const shift = width * (2 * random.uniform() - 1);
      turnPhase(at, shift);
      turnPhase(negative, -shift);
    }
  }
  return fromGrey(inverseFourier(spectrum));
};
