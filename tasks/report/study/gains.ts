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
  /**
   * Means of the ends of the intervals that decided the single scores (over images and trainings; over images alone with one seed):
   * as wide as if all scores erred together, which is the widest that the interval of the mean can be.
   */
  readonly interval: readonly [number, number] | undefined;
  /** How many scores the mean is over. */
  readonly scores: number;
}

/** Scores of one unit only. The mean is over those with a gain at every sparsity, so that it is one of the same scores all along. */
export function gainsOf(decisions: readonly Decision[]): Gains {
  const factor = percentFactor(decisions[0]!.unit) ?? 1;
  const all = decisions
    .flatMap((one) => decidedPoints(one).map((point) => point.sparsity))
    .sort((a, b) => a - b);
  const sparsities = all.filter((sparsity, i) => i === 0 || !sameSparsity(sparsity, all[i - 1]!));
  const rows = decisions
    .map((one) => sparsities.map((sparsity) => pointAt(one, sparsity)))
    .filter((row) => row.every((point) => point !== undefined));
  const averaged = rows.length === 0 ? [] : sparsities.map((_, i) => meanAt(rows.map((row) => row[i]!)));
  return { decisions, factor, mean: averaged.map((each) => scaled(each, factor)) };
}

type Gained = DecidedPoint & { readonly gain: number };

function pointAt(decision: Decision, sparsity: number): Gained | undefined {
  const point = decidedPoints(decision).find((one) => sameSparsity(one.sparsity, sparsity));
  return point === undefined || point.gain === null ? undefined : { ...point, gain: point.gain };
}

function meanAt(points: readonly Gained[]): MeanGain {
  const runs = points[0]!.seedGains.length;
  const seeded = runs > 1 && points.every(({ seedGains }) => seedGains.length === runs);
  const bySeed = seeded
    ? points[0]!.seedGains.map((_, run) => mean(points.map(({ seedGains }) => seedGains[run]!))!)
    : [];
  const intervals = points.flatMap(({ interval, imageInterval }) => {
    const deciding = interval ?? imageInterval;
    return deciding === null ? [] : [deciding];
  });
  const whole = intervals.length === points.length;
  return {
    sparsity: points[0]!.sparsity,
    gain: mean(points.map(({ gain }) => gain))!,
    seeds: seeded ? [Math.min(...bySeed), Math.max(...bySeed)] : undefined,
    interval: whole
      ? [mean(intervals.map(([low]) => low))!, mean(intervals.map(([, high]) => high))!]
      : undefined,
    scores: points.length,
  };
}

function scaled(one: MeanGain, factor: number): MeanGain {
  const pair = (ends: readonly [number, number] | undefined): readonly [number, number] | undefined =>
    ends && [ends[0] * factor, ends[1] * factor];
  return { ...one, gain: one.gain * factor, seeds: pair(one.seeds), interval: pair(one.interval) };
}
