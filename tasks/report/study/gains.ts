import type { DecidedPoint, Decision } from '../../sweet-spots/decision.ts';
import { mean } from '../../../vision/statistics/mean-and-spread.ts';
import { percentFactor } from '../page/numbers.ts';
import { decidedPoints, sameSparsity } from './lookup.ts';

/** The scores that answer one question about one model, as gains over its dense self, with their mean. */
export interface Gains {
  readonly decisions: readonly Decision[];
  /** By what gains are multiplied to be drawn: 100 for shares, which become percentage points. */
  readonly factor: number;
  readonly mean: readonly MeanGain[];
}

/** In display units. */
export interface MeanGain {
  readonly sparsity: number;
  readonly gain: number;
  /** From the lowest to the highest seed's mean; undefined with one seed. */
  readonly seeds: readonly [number, number] | undefined;
  /** Of the mean, by the rule of single scores: over images and trainings; over images alone with one seed. */
  readonly interval: readonly [number, number] | undefined;
  /** Of the mean over images alone, for these trainings. */
  readonly images: readonly [number, number] | undefined;
  /**
   * The values of single images are not at hand: the intervals are the means of the scores' ends, as wide as if all scores erred together, which is the
   * widest that they can be.
   */
  readonly widest: boolean;
  /** The scores that the mean is over. */
  readonly of: readonly Decision[];
}

/** The intervals of a mean over scores at some sparsities, in the scores' unit; nothing for those of which the images' values are not at hand. */
export type MeanIntervals = (
  decisions: readonly Decision[],
  sparsities: readonly number[],
) => readonly MeanIntervalsAt[];

export interface MeanIntervalsAt {
  readonly sparsity: number;
  readonly gain: number;
  readonly interval: readonly [number, number];
  readonly images: readonly [number, number];
}

/** Scores of one unit only. The mean is over those with a gain at every sparsity, so that it is one of the same scores all along. */
export function gainsOf(decisions: readonly Decision[], intervalsOf: MeanIntervals): Gains {
  const factor = percentFactor(decisions[0]!.unit) ?? 1;
  const all = decisions
    .flatMap((one) => decidedPoints(one).map((point) => point.sparsity))
    .sort((a, b) => a - b);
  const sparsities = all.filter((sparsity, i) => i === 0 || !sameSparsity(sparsity, all[i - 1]!));
  const rows = decisions
    .map((of) => ({ of, points: sparsities.map((sparsity) => pointAt(of, sparsity)) }))
    .flatMap(({ of, points }) => (isWhole(points) ? [{ of, points }] : []));
  if (rows.length === 0) return { decisions, factor, mean: [] };
  const of = rows.map((row) => row.of);
  // What is one score has the intervals that decided it.
  const found = of.length === 1 ? [] : intervalsOf(of, sparsities);
  const averaged = sparsities.map((sparsity, i): MeanGain => {
    const points = rows.map((row) => row.points[i]!);
    const gain = mean(points.map((point) => point.gain))!;
    const own = found.find((one) => sameSparsity(one.sparsity, sparsity) && isClose(one.gain, gain));
    const { interval, images } = own ?? averagedIntervals(points);
    const widest = own === undefined && of.length > 1 && sparsity > 0 && interval !== undefined;
    return { sparsity, gain, seeds: seedsOf(points), interval, images, widest, of };
  });
  return { decisions, factor, mean: averaged.map((each) => scaled(each, factor)) };
}

function isWhole(points: readonly (Gained | undefined)[]): points is readonly Gained[] {
  return points.every((point) => point !== undefined);
}

/** Other images, or other trainings, would give another mean: then it is not the same that is told. */
function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

type Gained = DecidedPoint & { readonly gain: number };

function pointAt(decision: Decision, sparsity: number): Gained | undefined {
  const point = decidedPoints(decision).find((one) => sameSparsity(one.sparsity, sparsity));
  return point === undefined || point.gain === null ? undefined : { ...point, gain: point.gain };
}

function seedsOf(points: readonly Gained[]): readonly [number, number] | undefined {
  const runs = points[0]!.seedGains.length;
  if (runs < 2 || !points.every(({ seedGains }) => seedGains.length === runs)) return undefined;
  const bySeed = points[0]!.seedGains.map((_, run) => mean(points.map(({ seedGains }) => seedGains[run]!))!);
  return [Math.min(...bySeed), Math.max(...bySeed)];
}

function averagedIntervals(points: readonly Gained[]): Pick<MeanGain, 'interval' | 'images'> {
  // One image has no scatter to tell.
  if (points.some((point) => point.images < 2)) return { interval: undefined, images: undefined };
  return {
    interval: averagedEnds(points.map(({ interval, imageInterval }) => interval ?? imageInterval)),
    images: averagedEnds(points.map(({ imageInterval }) => imageInterval)),
  };
}

function averagedEnds(
  all: readonly (readonly [number, number] | null)[],
): readonly [number, number] | undefined {
  const there = all.filter((one) => one !== null);
  if (there.length < all.length) return undefined;
  return [mean(there.map(([low]) => low))!, mean(there.map(([, high]) => high))!];
}

function scaled(one: MeanGain, factor: number): MeanGain {
  const pair = (ends: readonly [number, number] | undefined): readonly [number, number] | undefined =>
    ends && [ends[0] * factor, ends[1] * factor];
  return {
    ...one,
    gain: one.gain * factor,
    ...{ seeds: pair(one.seeds), interval: pair(one.interval), images: pair(one.images) },
  };
}
