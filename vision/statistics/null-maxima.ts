import { median } from './mean-and-spread.ts';
import { meanSquareOf } from './null-draws.ts';
import type { NullDraws } from './null-draws.ts';
import type { TwoWayError } from './two-way-error.ts';

export interface NullModel {
  readonly gains: readonly TwoWayError[];
  /** Lower triangular [gains, gains]: times independent normal numbers, it gives the images' parts of the gains. */
  readonly imageFactor: readonly Float64Array[];
  /** Between the trainings' parts of any two gains, in 0..1: one model each. */
  readonly correlations: readonly number[];
}

/**
 * The largest t among gains that are none, both signs of each draw, ascending; one list a correlation. Trainings and images are drawn as
 * normal numbers with the variances found, and the errors are estimated from each draw anew, floor and all.
 */
export function nullMaxima(
  { gains, imageFactor, correlations }: NullModel,
  draws: NullDraws,
): readonly Float64Array[] {
  const parts = gains.map(partsOf);
  const images = imageParts(parts, imageFactor, draws);
  return correlations.map((correlation) => maxima({ parts, images, correlation }, draws));
}

/** A gain's variance and where it comes from. */
interface Parts {
  readonly runs: number;
  /** As found. */
  readonly ofRuns: number;
  /** What one training's standard normal number is worth. */
  readonly runScale: number;
  readonly fromBoth: number;
  readonly ofUnits: number;
  readonly unitsDf: number;
}

/**
 * An estimate from few trainings is more often too small than too large. What is drawn has the variance of which the estimate would be
 * the median, else where trainings seem to matter little by luck, the threshold would be that of images alone.
 */
function partsOf(gain: TwoWayError): Parts {
  const ofRuns = gain.runs < 2 ? 0 : Math.max(gain.fromRuns, gain.fromBoth) / meanSquareOf(0, gain.runs - 1);
  return {
    runs: gain.runs,
    ofRuns,
    runScale: Math.sqrt(ofRuns * gain.runs),
    fromBoth: gain.fromBoth,
    ofUnits: Math.max(gain.fromUnits - gain.fromBoth, 0),
    unitsDf: Math.max(1, gain.units - 1),
  };
}

/** [draws, gains] */
function imageParts(
  parts: readonly Parts[],
  factor: readonly Float64Array[],
  { count, images }: NullDraws,
): Float64Array {
  const gains = parts.length;
  const out = new Float64Array(count * gains);
  parts.forEach(({ ofUnits }, k) => {
    const row = factor[k]!.map((value) => value * Math.sqrt(ofUnits));
    for (let draw = 0; draw < count; draw++) {
      let sum = 0;
      for (let j = 0; j <= k; j++) sum += row[j]! * images[draw * gains + j]!;
      out[draw * gains + k] = sum;
    }
  });
  return out;
}

function maxima(
  model: { readonly parts: readonly Parts[]; readonly images: Float64Array; readonly correlation: number },
  { count, common, own, scale }: NullDraws,
): Float64Array {
  const { parts, images, correlation } = model;
  const gains = parts.length;
  const [shared, separate] = [Math.sqrt(correlation), Math.sqrt(1 - correlation)];
  const runs = Math.max(...parts.map((part) => part.runs));
  const largest = new Float64Array(2 * count);
  const sums = new Float64Array(gains);
  const variances = new Float64Array(gains);
  const sorted = new Float64Array(gains);
  for (let draw = 0; draw < count; draw++) {
    for (let k = 0; k < gains; k++) {
      const part = parts[k]!;
      let sum = 0;
      let squares = 0;
      for (let run = 0; run < part.runs; run++) {
        const value = shared * common[draw * runs + run]! + separate * own[(draw * gains + k) * runs + run]!;
        sum += value;
        squares += value * value;
      }
      const meanSquare = part.runs < 2 ? 0 : (squares - (sum * sum) / part.runs) / (part.runs - 1);
      sums[k] = (part.runScale * sum) / part.runs + images[draw * gains + k]!;
      variances[k] =
        Math.max(part.ofRuns * meanSquare, part.fromBoth) +
        part.ofUnits * meanSquareOf(scale[draw]!, part.unitsDf);
    }
    sorted.set(variances);
    const floor = median(sorted);
    let [most, least] = [-Infinity, Infinity];
    for (let k = 0; k < gains; k++) {
      const t = overError(sums[k]!, Math.sqrt(Math.max(variances[k]!, floor)));
      if (t > most) most = t;
      if (t < least) least = t;
    }
    largest[2 * draw] = most;
    largest[2 * draw + 1] = -least;
  }
  return largest.sort();
}

/** A gain over its error; infinite for a gain without any, zero for no gain. */
export function overError(gain: number, error: number): number {
  if (error > 0) return gain / error;
  return gain === 0 ? 0 : gain > 0 ? Infinity : -Infinity;
}
