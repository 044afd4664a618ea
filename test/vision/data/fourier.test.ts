import { describe, expect, it } from 'vitest';
import { fourier, inverseFourier } from '../../../vision/data/fourier.ts';
import type { Plane } from '../../../vision/data/plane.ts';
import { randomFrom } from '../../../vision/random/random.ts';

function noise(width: number, height: number): Plane {
  const random = randomFrom(width, height);
  return { width, height, data: Float64Array.from({ length: width * height }, () => random.uniform()) };
}

describe.each([
  [1, 1],
  [2, 4],
  [8, 8],
  [3, 5],
  [7, 12],
  [31, 17],
])('a plane of %i x %i', (width, height) => {
  const plane = noise(width, height);

  it('has the spectrum that the sum of its definition gives', () => {
    const spectrum = fourier(plane);
    for (let v = 0; v < height; v += 1) {
      for (let u = 0; u < width; u += 1) {
        let [real, imaginary] = [0, 0];
        plane.data.forEach((value, at) => {
          const angle = -2 * Math.PI * ((u * (at % width)) / width + (v * Math.floor(at / width)) / height);
          real += value * Math.cos(angle);
          imaginary += value * Math.sin(angle);
        });
        expect(spectrum.real[v * width + u]).toBeCloseTo(real, 9);
        expect(spectrum.imaginary[v * width + u]).toBeCloseTo(imaginary, 9);
      }
    }
  });

  it('comes back from it', () => {
    const back = inverseFourier(fourier(plane));
    back.data.forEach((value, at) => expect(value).toBeCloseTo(plane.data[at]!, 12));
  });
});
