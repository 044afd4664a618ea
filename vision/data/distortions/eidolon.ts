import type { Random } from '../../random/random.ts';
import { gaussianBlur, gaussianKernel } from '../gaussian-blur.ts';
import { fromGrey, type Plane, toGrey } from '../plane.ts';
import { type Distortion, unknownCondition } from './distortion.ts';

/**
 * Partially coherent disarray (Koenderink et al. 2017, "Eidolons"): grey is split into slices of scale, each is warped
 * by a random field of its own, and their sum is the eidolon. The condition is `reach-coherence-grain`, coherence times
 * ten. Reach scales the displacement. Incoherent fields are smooth over `grain` pixels and independent between slices;
 * coherent ones are sums over all coarser scales, so that large structures carry small ones along.
 *
 * Lengths are pixels of a 256-pixel image, as in the authors' factory, and are scaled with the image's side.
 */
export const eidolon: Distortion = (image, { condition, random }) => {
  const [reach, tenfold, grain] = condition.split('-').map(Number);
  if (reach === undefined || tenfold === undefined || grain === undefined || !(reach > 0)) {
    throw unknownCondition('eidolon', condition);
  }
  const grey = toGrey(image);
  const request = { grey, scale: image.width / 256, coherence: tenfold / 10, grain, random };
  const down = displacements(request);
  const across = displacements(request);
  const sum = new Float64Array(grey.data.length);
  for (const [level, slice] of slicesOfScale(grey, request.scale).entries()) {
    addWarped(sum, slice, { down: down[level]!, across: across[level]!, reach: reach * request.scale });
  }
  return fromGrey({ ...grey, data: sum });
};

/** Blurs of the slices, from 1/sqrt 2 to 32 by factors of sqrt 2. */
const sigmas: readonly number[] = Array.from(
  { length: 12 },
  (_, level) => Math.SQRT1_2 * Math.SQRT2 ** level,
);

/** The factory's unit of displacement is this share of its largest blur, a quarter of the image. */
const largestSigma = 64;

/**
 * The factory's noise is white with a largest value of 127.5, which in planes of its size is about 4.5 standard
 * deviations.
 */
const whiteNoise = 127.5 / 4.5;

/** Differences of neighbouring blurs, and the coarsest blur: they add up to the finest blur, which is nearly the image. */
function slicesOfScale(grey: Plane, scale: number): readonly Plane[] {
  const blurred = sigmas.map((sigma) => gaussianBlur(grey, sigma * scale, { kind: 'mirror' }));
  return blurred.map((plane, level) => {
    const coarser = blurred[level + 1];
    if (coarser === undefined) return plane;
    return { ...plane, data: plane.data.map((value, at) => value - coarser.data[at]!) };
  });
}

interface FieldRequest {
  readonly grey: Plane;
  readonly scale: number;
  readonly coherence: number;
  readonly grain: number;
  readonly random: Random;
}

/** For each slice: displacement along one axis for a reach of one pixel. */
function displacements(request: FieldRequest): readonly Float64Array[] {
  const { grey, coherence, grain } = request;
  const fields = sigmas.map(() => new Float64Array(grey.data.length));
  if (coherence > 0) {
    const carried = new Float64Array(grey.data.length);
    for (let level = sigmas.length - 1; level >= 0; level -= 1) {
      const sigma = sigmas[level]!;
      addField(carried, (coherence * sigma) / largestSigma, sigma, request);
      fields[level]!.set(carried);
    }
  }
  if (coherence < 1) for (const field of fields) addField(field, 1 - coherence, grain, request);
  return fields;
}

/** Adds blurred white noise. */
function addField(field: Float64Array, weight: number, sigma: number, request: FieldRequest): void {
  const { grey, scale, random } = request;
  const white = { ...grey, data: grey.data.map(() => random.normal()) };
  const smooth = gaussianBlur(white, sigma * scale, { kind: 'wrap' });
  // What the blur leaves of the standard deviation here is replaced by what a blur of `sigma` leaves at 256 pixels,
  // averaged over one of our pixels (a square with the variance of 1 / (12 scale^2)).
  const left = gaussianKernel(sigma * scale).reduce((sum, tap) => sum + tap * tap, 0);
  const wanted = whiteNoise / (2 * Math.sqrt(Math.PI) * Math.sqrt(sigma * sigma + 1 / (12 * scale * scale)));
  const factor = (weight * wanted) / left;
  for (let at = 0; at < field.length; at += 1) field[at] = field[at]! + factor * smooth.data[at]!;
}

interface Warp {
  readonly down: Float64Array;
  readonly across: Float64Array;
  readonly reach: number;
}

/** Adds the slice, each pixel taken from where the fields point; bilinear, and clamped to the image. */
function addWarped(sum: Float64Array, { width, height, data }: Plane, { down, across, reach }: Warp): void {
  for (let at = 0; at < sum.length; at += 1) {
    const x = clamp((at % width) + reach * across[at]!, width - 1);
    const y = clamp(Math.floor(at / width) + reach * down[at]!, height - 1);
    const [left, top] = [Math.floor(x), Math.floor(y)];
    const [right, bottom] = [Math.min(left + 1, width - 1), Math.min(top + 1, height - 1)];
    const [u, v] = [x - left, y - top];
    const upper = data[top * width + left]! * (1 - u) + data[top * width + right]! * u;
    const lower = data[bottom * width + left]! * (1 - u) + data[bottom * width + right]! * u;
    sum[at] = sum[at]! + upper * (1 - v) + lower * v;
  }
}

function clamp(value: number, most: number): number {
  return value < 0 ? 0 : value > most ? most : value;
}
