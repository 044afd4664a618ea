import type { Interval } from './bootstrap.ts';
import type { Bounds } from './simultaneous.ts';

/**
 * `within-images`: the interval over images reaches zero, or too few images changed to tell. `within-seeds`: over these trainings the
 * gain is clear, but not over others.
 */
export type Verdict = 'dense' | 'sweet-spot' | 'within-images' | 'within-seeds' | 'not-better' | 'no-values';

/**
 * Whether so many images can speak at all: without any effect all of them agree on a side with probability 2^(1 - images)
 * (sign test), which has to be below the error allowed. A bootstrap of fewer would call their agreement certain.
 */
export function canTell(images: number, confidence: number): boolean {
  return 2 ** (1 - images) <= 1 - confidence;
}

/** The first demand that is not met names the verdict. */
export function verdictOf(found: {
  /** With its interval over images. */
  readonly gain: Interval | undefined;
  /** Whether enough images changed. */
  readonly enough: boolean;
  readonly runs: number;
  /** Undefined: not asked for. */
  readonly bounds: Bounds | undefined;
  /** What the gain has to exceed besides; undefined: nothing. */
  readonly spread: number | undefined;
}): Verdict {
  const { gain, enough, runs, bounds, spread } = found;
  if (gain === undefined) return 'no-values';
  if (gain.mean <= 0) return 'not-better';
  if (gain.low <= 0 || !enough) return 'within-images';
  if (bounds !== undefined && bounds.low <= 0) return runs < 2 ? 'within-images' : 'within-seeds';
  if (spread !== undefined && gain.mean <= spread) return 'within-seeds';
  return 'sweet-spot';
}
