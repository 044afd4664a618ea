import { randomFrom } from '../../../vision/random/random.ts';
import { findSweetSpots } from '../../../vision/statistics/sweet-spots.ts';
import type { SweetSpotRequest } from '../../../vision/statistics/sweet-spots.ts';

/** Studies in which sparsity changes nothing: whatever is found there is found by chance. */
export interface NullStudy {
  readonly images: number;
  readonly seeds: number;
  readonly sparsities: number;
  /** Standard deviation of what a training adds to all images at once, where an image's own noise has 1. */
  readonly seedEffect: number;
  readonly correction?: SweetSpotRequest['correction'];
}

/** Sweet spots per comparison, and the share of studies with any. */
export interface FalsePositives {
  readonly perComparison: number;
  readonly perStudy: number;
}

/** Counts what the rule finds in `studies` studies of nothing, with the default resampling. */
export function falsePositives(
  { images, seeds, sparsities, seedEffect, correction = 'none' }: NullStudy,
  studies: number,
): FalsePositives {
  let found = 0;
  let withAny = 0;
  for (let study = 0; study < studies; study++) {
    const random = randomFrom(20_000, study);
    // Hard images are hard for every model.
    const difficulty = Array.from({ length: images }, () => 3 * random.normal());
    const scored = (): readonly number[] => {
      const shift = seedEffect * random.normal();
      return difficulty.map((value) => value + shift + random.normal());
    };
    const runs = Array.from({ length: seeds }, (_, seed) => ({
      run: String(seed),
      points: Array.from({ length: sparsities + 1 }, (_, i) => ({
        sparsity: i / (sparsities + 1),
        values: scored(),
      })),
    }));
    const result = findSweetSpots({ runs, higherIsBetter: true, seed: study, correction });
    const spots = result.kind === 'decided' ? result.sweetSpots.length : 0;
    found += spots;
    if (spots > 0) withAny++;
  }
  return { perComparison: found / (studies * sparsities), perStudy: withAny / studies };
}
