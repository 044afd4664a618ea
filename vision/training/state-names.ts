/** Names of what training holds from step to step, in the programs' state and in snapshots. */
export const stateNames = {
  /** [size], in memory layout; pruned weights are zero and stay so. */
  parameters: 'parameters',
  /** [size] of 0 and 1; only where something is pruned. Never changes. */
  mask: 'mask',
  /** [size]; only where parameters differ in it. Never changes. */
  decay: 'weight_decay',
  /** A running statistic. */
  buffer: (name: string): string => `buffers/${name}`,
  /** [counters]: batches that the norms have seen. */
  counters: 'counters',
  /** [size]: a vector of the optimiser's. */
  optimiser: (name: string): string => `optimiser/${name}`,
  /** [size]: the gradient so far of a step that takes several pieces. */
  gradient: 'gradient',
  /** [2]: over the epoch's images so far, the sum of their losses, and how many were classified right. */
  meters: 'meters',
  /** The moving average of one of the above. */
  average: (name: string): string => `ema/${name}`,
} as const;

/** Names of the programs' inputs. */
export const inputNames = {
  /** [batch, height, width, 3], normalised. */
  images: 'images',
  /** [batch], int32. */
  labels: 'labels',
  /** [1, height, width, 3]: the image that the first is mixed with. */
  imageBefore: 'before/images',
  /** [1], int32 */
  labelBefore: 'before/labels',
  /** [1, height, width, 1] */
  blend: 'mix/blend',
  /** [] */
  share: 'mix/share',
  /** One of the network's random factors. */
  noise: (name: string): string => `noise/${name}`,
  /** []: the piece's share of the step's images. */
  weight: 'weight',
  /** []: one of the optimiser's scalars. */
  scalar: (name: string): string => `scalars/${name}`,
  /** []: how much of the average an update keeps. */
  kept: 'kept',
} as const;

/** What of a state changes as training goes: all that a snapshot has to hold. */
export function changingNames(names: readonly string[]): readonly string[] {
  return names.filter((name) => name !== stateNames.mask && name !== stateNames.decay);
}
