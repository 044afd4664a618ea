import { randomFrom } from '../random/random.ts';

export interface SignFlipOptions {
  /** How many patterns of signs are drawn where there are more; default 10,000. The smallest p is then 1 / (flips + 1). */
  readonly flips?: number;
  /** Default 0: the same values give the same p. */
  readonly seed?: number;
}

/**
 * Two-sided p of paired differences, 0 < p <= 1; undefined for no values. `clusters` names for each what it belongs to (the
 * image of an object): then whole clusters change their sign.
 */
export type SignFlipTest = (
  differences: readonly number[],
  clusters?: readonly string[],
) => number | undefined;

/** From so many units on the sum of random signs is normal to far beyond what draws could tell. */
const manyUnits = 1000;

/**
 * Randomisation test of paired differences (Fisher, 1935, section 21): were the two alike, each image's difference could as well
 * have the other sign. p is the share of random signs whose sum is at least as far from zero as the one found, the found one
 * counted in (Phipson and Smyth, 2010). No shape of the differences is assumed. Of few units all patterns are tried, so that n
 * units that differ never have a p below 2^(1 - n). For many units the sum is taken as normal, with the variance that the signs give it.
 */
export function signFlipTest({ flips = 10_000, seed = 0 }: SignFlipOptions = {}): SignFlipTest {
  const drawn = new Map<number, Int8Array>();
  return (differences, clusters) => {
    if (differences.length === 0) return undefined;
    // Units without a difference have no sign to change.
    const units = sumsOf(differences, clusters).filter((value) => value !== 0);
    const found = Math.abs(units.reduce((sum, value) => sum + value, 0));
    if (units.length === 0) return 1;
    if (units.length > manyUnits)
      return normalTail(found / Math.sqrt(units.reduce((sum, value) => sum + value ** 2, 0)));
    const isWhole = 2 ** units.length <= flips;
    const patterns = isWhole ? 2 ** units.length : flips;
    const signs =
      drawn.get(units.length) ?? (isWhole ? allSigns(units.length) : drawSigns(units.length, flips, seed));
    drawn.set(units.length, signs);
    // Sums that are equal but for their rounding are equal.
    const reach = found - 1e-9 * units.reduce((sum, value) => sum + Math.abs(value), 0);
    let asFar = 0;
    for (let pattern = 0, place = 0; pattern < patterns; pattern++) {
      let sum = 0;
      for (const unit of units) sum += signs[place++]! * unit;
      if (Math.abs(sum) >= reach) asFar += 1;
    }
    return isWhole ? asFar / patterns : (asFar + 1) / (patterns + 1);
  };
}

function sumsOf(differences: readonly number[], clusters: readonly string[] | undefined): readonly number[] {
  if (clusters === undefined) return differences;
  const sums = new Map<string, number>();
  differences.forEach((value, i) => sums.set(clusters[i]!, (sums.get(clusters[i]!) ?? 0) + value));
  return [...sums.values()];
}

/** Row by row the signs of one pattern. */
function allSigns(units: number): Int8Array {
  return Int8Array.from({ length: units * 2 ** units }, (_, place) =>
    (Math.floor(place / units) >> (place % units)) & 1 ? 1 : -1,
  );
}

/** The same of patterns drawn at random: each draw has the signs of 32 units. */
function drawSigns(units: number, flips: number, seed: number): Int8Array {
  const random = randomFrom(seed, units);
  let word = 0;
  return Int8Array.from({ length: units * flips }, (_, place) => {
    if (place % 32 === 0) word = random.integer(2 ** 32);
    return (word >>> (place % 32)) & 1 ? 1 : -1;
  });
}

/** P(|Z| >= z) of a standard normal, relative error below 1.2e-7 (Press et al., Numerical Recipes, section 6.2). */
function normalTail(z: number): number {
  const x = z / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const powers = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const exponent = powers.reduceRight((sum, factor) => sum * t + factor, 0);
  return Math.min(1, Math.max(Number.MIN_VALUE, t * Math.exp(-x * x + exponent)));
}
