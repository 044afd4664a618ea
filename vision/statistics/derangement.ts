import type { Random } from '../random/random.ts';

/**
 * A random order of 0 … n - 1 in which nothing stays in its place, all in one cycle (Sattolo 1986). Depends on the stream and
 * `n` alone. Of one thing there is no such order: undefined.
 */
export function derangement(n: number, random: Random): Int32Array | undefined {
  if (n === 1) return undefined;
  const order = Int32Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last--) {
    const other = random.integer(last);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}
