import { randomFrom } from '../random/random.ts';

/** Standard normal numbers for joint draws of trainings and images; made once for a shape, as most scores of a study share it. */
export interface NullDraws {
  readonly count: number;
  /** [count, runs]: what a training adds to all gains. */
  readonly common: Float64Array;
  /** [count, gains, runs]: what a training adds to one gain. */
  readonly own: Float64Array;
  /** [count, gains]: independent; a factor of the correlations makes the images' parts of them. */
  readonly images: Float64Array;
  /** [count]: for the chance in the images' own variance. */
  readonly scale: Float64Array;
}

export interface NullShape {
  readonly count: number;
  readonly runs: number;
  readonly gains: number;
  readonly seed: number;
}

/** A source of draws that remembers the shapes it was asked for. */
export function rememberedDraws(): (shape: NullShape) => NullDraws {
  const known = new Map<string, NullDraws>();
  return (shape) => {
    const key = JSON.stringify(shape);
    const found = known.get(key) ?? nullDraws(shape);
    known.set(key, found);
    return found;
  };
}

function nullDraws({ count, runs, gains, seed }: NullShape): NullDraws {
  const random = randomFrom(seed, runs, gains);
  const normals = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());
  return {
    count,
    common: normals(count * runs),
    own: normals(count * gains * runs),
    images: normals(count * gains),
    scale: normals(count),
  };
}

/**
 * χ² over its degrees of freedom from a standard normal number (Wilson and Hilferty 1931), which for one or two degrees can come
 * out below zero: no smaller than a millionth.
 */
export function meanSquareOf(normal: number, df: number): number {
  const c = 2 / (9 * df);
  return Math.max(0.01, 1 - c + normal * Math.sqrt(c)) ** 3;
}
