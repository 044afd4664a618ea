import { bootstrapIntervals } from '../../../vision/statistics/bootstrap.ts';
import { falseDiscovery } from '../../../vision/statistics/false-discovery.ts';
import { mean, sampleDeviation } from '../../../vision/statistics/mean-and-spread.ts';
import { signFlipTest } from '../../../vision/statistics/sign-flip.ts';
import { imagesOf, meansOverRuns, sharedItems } from '../../readings/align.ts';
import type { Reading } from '../../readings/reading.ts';
import type { PairedPoint, PairedScore } from './pair-scores.ts';

/** By how much a score is another in the second run, over the images that both scored. */
export interface Difference {
  /** The second run less the first, in the score's unit. */
  readonly mean: number;
  /** 95 % interval over images. */
  readonly low: number;
  readonly high: number;
  readonly images: number;
  /** Every image has the same value in both; other seeds and sparsities, which one run has alone, may still differ. */
  readonly isNone: boolean;
  /** Of a randomisation test over images, two-sided. */
  readonly p: number;
  /** The difference of each seed that both have. */
  readonly seeds: readonly number[];
  /** Their sample standard deviation; undefined for fewer than two. */
  readonly seedSpread: number | undefined;
}

export interface JudgedDifference extends Difference {
  readonly verdict: 'beyond-chance' | 'within-images' | 'within-seeds';
  /** More than images and seeds scatter, the number of comparisons considered. */
  readonly isBeyondChance: boolean;
}

export interface JudgedScore extends PairedScore {
  /** Over all sparsities that both have, each counting the same. Undefined where no image has a value in both. */
  readonly overall: JudgedDifference | undefined;
  /** In the order of `points`. */
  readonly differences: readonly (JudgedDifference | undefined)[];
}

/** Expected share of chance among what is marked. */
export const discoveryRate = 0.05;

/**
 * Judges every score over all sparsities, and each of its points. A difference is beyond chance where both hold: it is among the
 * discoveries of its family (all scores; all points) at a rate of 5 %, and it is larger than the standard deviation of the
 * single seeds' differences.
 */
export function judgeScores(pairs: readonly PairedScore[]): readonly JudgedScore[] {
  const differ = differing();
  const found = pairs.map((pair) => ({
    pair,
    overall: differ(pair.points),
    each: pair.points.map((point) => differ([point])),
  }));
  const overall = judged(found.map((one) => one.overall));
  const each = judged(found.flatMap((one) => one.each));
  let place = 0;
  return found.map(({ pair }, i) => {
    const differences = each.slice(place, (place += pair.points.length));
    return { ...pair, overall: overall[i], differences };
  });
}

function judged(family: readonly (Difference | undefined)[]): readonly (JudgedDifference | undefined)[] {
  const told = family.filter((one) => one !== undefined);
  const discoveries = falseDiscovery(
    told.map(({ p }) => p),
    discoveryRate,
  );
  const stands = new Set(told.filter((_, i) => discoveries[i]));
  return family.map((one) => {
    if (one === undefined) return undefined;
    const isBeyondSeeds = one.seedSpread === undefined || Math.abs(one.mean) > one.seedSpread;
    const verdict = !stands.has(one) ? 'within-images' : isBeyondSeeds ? 'beyond-chance' : 'within-seeds';
    return { ...one, verdict, isBeyondChance: verdict === 'beyond-chance' };
  });
}

/** One for all: comparisons on the same images share their resamples. */
function differing(): (points: readonly PairedPoint[]) => Difference | undefined {
  const intervalOf = bootstrapIntervals();
  const test = signFlipTest();
  return (points) => {
    const sides = points.map(runsOf);
    const all = sides.flatMap(({ before, after }) => [...before, ...after]);
    const items = sharedItems(all);
    const changes = sides.map((side) => {
      const [one, other] = [meansOverRuns(side.before, items), meansOverRuns(side.after, items)];
      return items.map((_, i) => less(other[i], one[i]));
    });
    const kept = [...items.keys()].filter((i) => changes.every((change) => change[i] !== undefined));
    const perImage = kept.map((i) => mean(changes.map((change) => change[i]!))!);
    const images = imagesOf(all, items);
    const clusters = images && kept.map((i) => images[i]!);
    const interval = intervalOf(perImage, clusters);
    if (interval === undefined) return undefined;
    const seeds = seedDifferences(sides);
    return {
      ...interval,
      images: new Set(clusters ?? kept.map((i) => items[i])).size,
      isNone: changes.every((change) => kept.every((i) => change[i] === 0)),
      p: test(perImage, clusters)!,
      seeds,
      seedSpread: sampleDeviation(seeds),
    };
  };
}

interface Runs {
  readonly before: readonly Reading[];
  readonly after: readonly Reading[];
}

/** Of the seeds that both have, where there are any; else of all. */
function runsOf({ before, after }: PairedPoint): Runs {
  const shared = (one: readonly Reading[], other: readonly Reading[]): readonly Reading[] =>
    one.filter(({ seed }) => other.some((each) => each.seed === seed));
  const [first, second] = [shared(before.runs, after.runs), shared(after.runs, before.runs)];
  return first.length === 0 ? { before: before.runs, after: after.runs } : { before: first, after: second };
}

/** Each seed's difference of means, over the points at which both runs have that seed. */
function seedDifferences(sides: readonly Runs[]): readonly number[] {
  const bySeed = new Map<string, number[]>();
  for (const { before, after } of sides)
    for (const one of before) {
      const other = after.find(({ seed }) => seed === one.seed);
      const difference = less(other?.mean, one.mean);
      if (difference !== undefined) bySeed.set(one.seed, [...(bySeed.get(one.seed) ?? []), difference]);
    }
  return [...bySeed.values()].map((differences) => mean(differences)!);
}

function less(one: number | null | undefined, other: number | null | undefined): number | undefined {
  return typeof one === 'number' && typeof other === 'number' ? one - other : undefined;
}
