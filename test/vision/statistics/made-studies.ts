import { randomFrom } from '../../../vision/random/random.ts';
import type { Random } from '../../../vision/random/random.ts';
import { judgeTogether } from '../../../vision/statistics/largest-t.ts';
import type { ScoredRun } from '../../../vision/statistics/paired-values.ts';
import { findSweetSpots } from '../../../vision/statistics/sweet-spots.ts';
import type { SweetSpotRequest } from '../../../vision/statistics/sweet-spots.ts';

/** Studies of which the truth is known: sparsity changes nothing, but for what is said here. */
export interface MadeStudy {
  readonly images: number;
  readonly seeds: number;
  /** Besides the dense model. */
  readonly sparsities: number;
  /**
   * `continuous`: an image's value is its difficulty, what the training adds, and noise; `binary`: 1 where that is above
   * zero, as right or wrong, found or missed.
   */
  readonly kind: 'continuous' | 'binary';
  /** Standard deviation of what a training adds to all images at once, where an image's own noise in one training has 1. */
  readonly training: number;
  /** Of it, the correlation between a training and the one that is retrained from it; default 0.8. The dense model's is its own. */
  readonly chain?: number;
  /** Standard deviation of what a sparsity does to an image in all trainings; default 0.4. Its mean over images is zero. */
  readonly interaction?: number;
  /** The true gain from the middle sparsity on, in the noise's unit; default 0. */
  readonly gain?: number;
}

export interface Rule extends Pick<SweetSpotRequest, 'correction' | 'overSeeds' | 'resamples'> {
  readonly name: string;
}

/** Among studies of nothing: those with any sweet spot. Among those with a gain: with one where it is, and with one where it is not. */
export interface Findings {
  readonly any: number;
  readonly right: number;
  readonly wrong: number;
}

/** Shares of `studies` made studies in which the rule finds something. Equal arguments give equal shares. */
export function findings(made: MadeStudy, rule: Rule, studies: number): Findings {
  const together = judgeTogether(0);
  const counts = { any: 0, right: 0, wrong: 0 };
  for (let study = 0; study < studies; study++) {
    const found = findSweetSpots({
      ...rule,
      runs: make(made, study),
      higherIsBetter: true,
      seed: 0,
      together,
    });
    const spots = found.kind === 'decided' ? found.sweetSpots : [];
    const isRight = (sparsity: number): boolean => (made.gain ?? 0) > 0 && sparsity > 0.499;
    if (spots.length > 0) counts.any++;
    if (spots.some(isRight)) counts.right++;
    if (!spots.every(isRight)) counts.wrong++;
  }
  return { any: counts.any / studies, right: counts.right / studies, wrong: counts.wrong / studies };
}

function make(made: MadeStudy, study: number): readonly ScoredRun[] {
  const { images, seeds, sparsities, gain = 0, interaction = 0.4 } = made;
  const random = randomFrom(20_000, study);
  // Hard images are hard for every model.
  const difficulty = normals(random, images, 2);
  // What a round does to an image, it mostly still does after the next.
  const shifts = chained(random, { length: sparsities, of: images, correlation: 0.8 });
  return Array.from({ length: seeds }, (_, seed) => {
    const trainings = chained(random, { length: sparsities, of: 1, correlation: made.chain ?? 0.8 });
    const scored = (added: number, shift?: Float64Array): readonly number[] =>
      Array.from(difficulty, (value, i) => {
        const score = value + added + interaction * (shift?.[i] ?? 0) + random.normal();
        return made.kind === 'continuous' ? score : Number(score > 0);
      });
    return {
      run: String(seed),
      points: [
        { sparsity: 0, values: scored(made.training * random.normal()) },
        ...trainings.map(([training], k) => {
          const sparsity = (k + 1) / (sparsities + 1);
          const added = made.training * training! + (sparsity > 0.499 ? gain : 0);
          return { sparsity, values: scored(added, shifts[k]) };
        }),
      ],
    };
  });
}

function normals(random: Random, count: number, deviation: number): Float64Array {
  return Float64Array.from({ length: count }, () => deviation * random.normal());
}

/** Rows of standard normal numbers, each correlated with the one before. */
function chained(
  random: Random,
  { length, of, correlation }: { readonly length: number; readonly of: number; readonly correlation: number },
): readonly Float64Array[] {
  const rows: Float64Array[] = [];
  for (let k = 0; k < length; k++) {
    const before = rows.at(-1);
    const weight = before === undefined ? 0 : correlation;
    rows.push(
      Float64Array.from(
        { length: of },
        (_, i) => weight * (before?.[i] ?? 0) + Math.sqrt(1 - weight ** 2) * random.normal(),
      ),
    );
  }
  return rows;
}
