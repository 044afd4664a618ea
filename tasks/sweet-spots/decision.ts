import type { Correction } from '../../vision/statistics/simultaneous.ts';
import type { Verdict } from '../../vision/statistics/verdict.ts';

/** Whether and where one score of one model has sweet spots. Plain data: `sweet-spots.json` lists them. */
export interface Decision {
  readonly measure: string;
  readonly metric: string;
  readonly unit: string;
  readonly higherIsBetter: boolean;
  readonly model: string;
  readonly variant: string;
  readonly method: string | null;
  readonly set: string | null;
  readonly outcome: Outcome;
}

export type Outcome =
  | {
      readonly kind: 'decided';
      /** By rising sparsity; the first is the dense model. */
      readonly points: readonly DecidedPoint[];
    }
  | { readonly kind: 'undecidable'; readonly reason: 'no-dense-model' | 'unequal-images' | 'no-values' };

/** In the score's own unit. Nulls stand where nothing could be computed. */
export interface DecidedPoint {
  readonly sparsity: number;
  /** Images with a value in every run. */
  readonly images: number;
  /** Images left out: without a value in some run, here or at the dense model, or unknown to some model of the score. */
  readonly missing: number;
  readonly score: number | null;
  /** Score minus the dense model's; positive is better, whatever the score's direction. */
  readonly gain: number | null;
  /** Interval of the gain over images and trainings, by the rule's correction for all sparsities together; over images alone with one seed. */
  readonly interval: readonly [number, number] | null;
  /** One-sided, corrected as the interval: how often a gain that is none comes out as large. Compare with (1 - confidence) / 2. */
  readonly p: number | null;
  /** Bootstrap interval of the gain over images alone: for these trainings. */
  readonly imageInterval: readonly [number, number] | null;
  /** Sample standard deviation of the gain over seeds; null with one seed. */
  readonly seedSpread: number | null;
  /** The gain of each run, in the order of the inputs. One entry: nothing is known of other trainings. */
  readonly seedGains: readonly number[];
  readonly verdict: Verdict;
  /** Of a sweet spot: what each control says. Empty where none was given. */
  readonly controls: readonly DecidedControl[];
}

/** What a control says of a sweet spot. Differences as mean, low and high end, positive in favour of the model. */
export interface DecidedControl {
  readonly control: string;
  /** `no-values`: it was given, but has nothing at this sparsity. */
  readonly verdict: 'passed' | 'failed' | 'no-values';
  readonly images: number;
  /** The score less the control's. */
  readonly level: readonly [number, number, number] | null;
  /** The gain less the control's. */
  readonly gain: readonly [number, number, number] | null;
}

/** Whether a sweet spot fails a control. */
export function failsControl(point: DecidedPoint): boolean {
  return controlsVerdict(point) === 'failed';
}

/** All controls of a sweet spot together. */
export function controlsVerdict({ controls }: DecidedPoint): 'passed' | 'failed' | 'not asked' {
  if (controls.some(({ verdict }) => verdict === 'failed')) return 'failed';
  return controls.some(({ verdict }) => verdict === 'passed') ? 'passed' : 'not asked';
}

/** Whether a sweet spot rests on one training, so that it is one of these weights and perhaps of no others. */
export function isOfOneTraining({ seedGains }: DecidedPoint): boolean {
  return seedGains.length < 2;
}

/** How the decisions were made: what a reader needs to repeat them. */
export interface Rule {
  readonly confidence: number;
  readonly resamples: number;
  readonly correction: Correction;
  readonly over_seeds: 'interval' | 'spread';
  readonly seed: number;
}

/** `sweet-spots.json` beside `table.json`. */
export interface SweetSpotsFile {
  readonly format: 1;
  readonly rule: Rule;
  /** The controls that were given. */
  readonly controls: readonly string[];
  readonly decisions: readonly Decision[];
}
