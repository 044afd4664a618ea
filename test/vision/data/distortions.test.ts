import { describe, expect, it } from 'vitest';
import { distortions } from '../../../vision/data/distortions/index.ts';
import { meanAmplitudeOf } from '../../../vision/data/distortions/power-equalisation.ts';
import { fourier } from '../../../vision/data/fourier.ts';
import type { Raster } from '../../../vision/data/image-set.ts';
import { meanOf, type Plane, toGrey } from '../../../vision/data/plane.ts';
import { openShapes } from '../../../vision/data/shapes/shapes-set.ts';
import { oodSets } from '../../../vision/ood/sets.ts';
import { randomFrom } from '../../../vision/random/random.ts';

const shapes = openShapes({ split: 'validation', size: 48, count: 16, seed: 0 });
const image = await shapes.image(6);
const grey = toGrey(image);
const mean = meanAmplitudeOf(await Promise.all(shapes.records.map((_, index) => shapes.image(index))));

function distort(set: string, condition: string, from: Raster = image, seed = 0): Raster {
  return distortions[set]!(from, { condition, random: randomFrom(seed), meanAmplitude: () => mean });
}

function spread(plane: Plane): number {
  const centre = meanOf(plane);
  return Math.sqrt(plane.data.reduce((sum, value) => sum + (value - centre) ** 2, 0) / plane.data.length);
}

function difference(a: Raster, b: Raster): number {
  return a.data.reduce((sum, value, at) => sum + Math.abs(value - b.data[at]!), 0) / a.data.length;
}

const parametric = oodSets.filter(({ name }) => name in distortions);

it('covers the twelve parametric sets', () => {
  expect(parametric.map(({ name }) => name)).toEqual(Object.keys(distortions));
});

describe.each(parametric)('$name', ({ name, conditions }) => {
  it.each(conditions)('makes the same image again: %s', (condition) => {
    const distorted = distort(name, condition);
    expect(distorted.data.length).toBe(image.data.length);
    expect(distort(name, condition)).toEqual(distorted);
  });

  it('refuses a condition it does not have', () => {
    expect(() => distort(name, 'nonsense')).toThrow();
  });

  it('leaves no colour where the experiment was grey', () => {
    if (['colour', 'false-colour'].includes(name)) return;
    const { data } = distort(name, conditions[1]!);
    expect(data.every((value, at) => value === data[at - (at % 3)])).toBe(true);
  });
});

describe('each does what it is named for', () => {
  it('contrast: the spread shrinks to the share, around middle grey', () => {
    const half = toGrey(distort('contrast', 'c50'));
    expect(spread(half) / spread(grey)).toBeCloseTo(0.5, 2);
    expect(meanOf(half)).toBeCloseTo(0.25 + meanOf(grey) / 2, 2);
  });

  it('low-pass takes the fine frequencies, high-pass the coarse ones', () => {
    expect(share(toGrey(distort('low-pass', '15')), 6)).toBeLessThan(0.05);
    expect(share(toGrey(distort('high-pass', '0.7')), 6)).toBeGreaterThan(0.8);
    expect(distort('low-pass', '0')).toEqual(distort('high-pass', 'inf'));
  });

  it('low-pass is the same blur of the object at every size', async () => {
    const [small, large] = await Promise.all(
      [32, 128].map((size) => openShapes({ split: 'masks', size, count: 1, seed: 5 }).image(0)),
    );
    const spreads = [small, large].map((from) => spread(toGrey(distort('low-pass', '15', from))));
    expect(spreads[0]! / spreads[1]!).toBeGreaterThan(0.8);
    expect(spreads[0]! / spreads[1]!).toBeLessThan(1.25);
  });

  it('phase scrambling keeps amplitudes and mean, and changes the image with its width', () => {
    const scrambled = toGrey(distort('phase-scrambling', '30'));
    expect(meanOf(scrambled)).toBeCloseTo(meanOf(grey), 2);
    const [before, after] = [fourier(grey), fourier(scrambled)];
    const amplitude = ({ real, imaginary }: typeof before, at: number) =>
      Math.hypot(real[at]!, imaginary[at]!);
    let worst = 0;
    for (let at = 0; at < 20; at += 1)
      worst = Math.max(worst, Math.abs(amplitude(before, at) - amplitude(after, at)));
    // Rounding to bytes and clipping leave a little.
    expect(worst).toBeLessThan(0.05 * amplitude(before, 0));
    const original = distort('phase-scrambling', '0');
    expect(original).toEqual(distort('contrast', 'c100'));
    expect(difference(distort('phase-scrambling', '60'), original)).toBeGreaterThan(
      difference(distort('phase-scrambling', '30'), original),
    );
  });

  it('power equalisation gives the mean amplitudes', () => {
    const { real, imaginary } = fourier(toGrey(distort('power-equalisation', 'pow')));
    for (const at of [1, 2, 48, 49, 100]) {
      expect(Math.hypot(real[at]!, imaginary[at]!) / mean.data[at]!).toBeGreaterThan(0.7);
      expect(Math.hypot(real[at]!, imaginary[at]!) / mean.data[at]!).toBeLessThan(1.3);
    }
  });

  it('false colour: red becomes greenish and back, grey stays', () => {
    const colours = { width: 3, height: 1, data: Uint8Array.of(188, 170, 170, 170, 188, 170, 128, 128, 128) };
    const { data } = distort('false-colour', 'false', colours);
    expect(data[0]!).toBeLessThan(data[1]!);
    expect(data[3]!).toBeGreaterThan(data[4]!);
    expect(Array.from(data.subarray(6))).toEqual([128, 128, 128]);
    const again = distort('false-colour', 'false', { ...colours, data });
    again.data.forEach((value, at) => expect(Math.abs(value - colours.data[at]!)).toBeLessThan(4));
  });

  it('rotation turns counter-clockwise', () => {
    const corner = new Uint8Array(2 * 2 * 3);
    corner.fill(255, 0, 3);
    const bright = (condition: string) =>
      [0, 3, 6, 9].findIndex(
        (at) => distort('rotation', condition, { width: 2, height: 2, data: corner }).data[at] === 255,
      );
    expect(['0', '90', '180', '270'].map(bright)).toEqual([0, 2, 3, 1]);
  });

  it('uniform noise is even and as wide as said, at 30 % contrast', () => {
    const flat = { width: 64, height: 64, data: new Uint8Array(64 * 64 * 3).fill(128) };
    const noisy = toGrey(distort('uniform-noise', '0.2', flat));
    expect(Math.min(...noisy.data)).toBeGreaterThan(0.29);
    expect(Math.max(...noisy.data)).toBeLessThan(0.71);
    expect(spread(noisy)).toBeCloseTo(0.4 / Math.sqrt(12), 2);
    expect(spread(toGrey(distort('uniform-noise', '0'))) / spread(grey)).toBeCloseTo(0.3, 2);
  });

  it('eidolons lose the image as reach grows, and coherent ones keep more detail together', () => {
    const original = distort('contrast', 'c100');
    const lost = ['1-10-10', '8-10-10', '64-10-10'].map((condition) =>
      difference(distort('eidolonI', condition), original),
    );
    expect(lost[0]!).toBeLessThan(lost[1]!);
    expect(lost[1]!).toBeLessThan(lost[2]!);
    expect(difference(distort('eidolonIII', '8-0-10'), original)).toBeGreaterThan(lost[1]!);
  });
});

/** Share of the variance at frequencies of at least `from` cycles an image. */
function share(plane: Plane, from: number): number {
  const { width, height, real, imaginary } = fourier(plane);
  let [fine, all] = [0, 0];
  for (let at = 1; at < real.length; at += 1) {
    const [u, v] = [at % width, Math.floor(at / width)];
    const power = real[at]! ** 2 + imaginary[at]! ** 2;
    all += power;
    if (Math.hypot(Math.min(u, width - u), Math.min(v, height - v)) >= from) fine += power;
  }
  return fine / all;
}
