import { sparsityNumber } from '../page/numbers.ts';

/**
 * The horizontal axis of all figures. Equal distances remove equal shares of what is left, so that the rounds of iterative
 * pruning stand evenly and the last per cents are not crowded; it is labelled with sparsities.
 */
export interface SparsityAxis {
  readonly domain: readonly [number, number];
  readonly place: (sparsity: number) => number;
  /** Most telling first: a narrow chart takes fewer. */
  readonly ticks: (count: number) => readonly { readonly at: number; readonly text: string }[];
}

/** Tick values by rank: each is taken if it does not crowd an earlier one. */
const preferred: readonly number[] = [
  0, 0.5, 0.9, 0.99, 0.999, 0.75, 0.97, 0.997, 0.3, 0.25, 0.2, 0.95, 0.98, 0.995, 0.8, 0.4, 0.6, 0.7, 0.85,
  0.1, 0.05,
];
const leastLeft = 1e-4;

export function sparsityAxis(sparsities: readonly number[]): SparsityAxis {
  const place = (sparsity: number): number => -Math.log2(Math.max(leastLeft, 1 - sparsity));
  const last = Math.max(0.01, ...sparsities.map(place));
  const members = [...new Set(sparsities.map((sparsity) => Number(sparsity.toFixed(4))))];
  // A short pool is labelled with its members; a long one with round numbers.
  const candidates = members.length <= 8 ? members.sort((a, b) => a - b) : preferred;
  const ticks: SparsityAxis['ticks'] = (count) => {
    const distance = (last / count) * 0.98;
    const taken: number[] = [];
    for (const sparsity of candidates) {
      const at = place(sparsity);
      if (at <= last * 1.02 && taken.every((other) => Math.abs(place(other) - at) >= distance))
        taken.push(sparsity);
    }
    return taken
      .sort((a, b) => a - b)
      .map((sparsity) => ({ at: place(sparsity), text: `${sparsityNumber(sparsity)}%` }));
  };
  return { domain: [0, last], place, ticks };
}
