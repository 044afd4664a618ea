import type { Random } from './random.ts';

/** A draw from Beta(alpha, alpha): the share of one of two gamma variables. `alpha` is above 0. */
export function symmetricBeta(random: Random, alpha: number): number {
  const a = gamma(random, alpha);
  const b = gamma(random, alpha);
  // Both underflow where alpha is tiny, and the distribution has all its weight at the ends.
  return a + b === 0 ? random.integer(2) : a / (a + b);
}

/** A draw from Gamma(shape, 1) (Marsaglia and Tsang 2000; below 1 by their section 6). */
export function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random.uniform()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = random.normal();
    const v = (1 + c * normal) ** 3;
    if (v > 0 && Math.log(1 - random.uniform()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}
