import type { Convergence } from '../../heatmaps/convergence.ts';
import type { PreviewItem } from '../../previews/previews-file.ts';
import type { Awaited } from '../../readings/place-readings.ts';
import type { PointInterval } from '../../readings/point-interval.ts';
import type { Series } from '../../readings/series.ts';
import type { Decision, Rule } from '../../sweet-spots/decision.ts';
import type { TableFile } from '../../sweet-spots/table-file.ts';
import type { Doors } from './doors.ts';

/** All that a report is made of: what the figures draw, read once. */
export interface Study {
  readonly title: string;
  readonly description: string;
  /** One for each model and variant; every figure draws them in the same colour and order. */
  readonly lines: readonly Line[];
  /** Empty where the study has no seed axis. */
  readonly seeds: readonly string[];
  readonly series: readonly Series[];
  /** From drawn values to what they were read from. */
  readonly doors: Doors;
  /** Of a score over images: 95 %, 1,000 resamples. */
  readonly intervalOf: PointInterval;
  /** Of the scores that the page tells, where there is something beside the dense model. */
  readonly decisions: readonly Decision[];
  /** How the decisions were made. */
  readonly rule: Rule;
  /** The controls that sweet spots had to pass. */
  readonly controls: readonly string[];
  /** Tables that are not sweet spots. */
  readonly tables: readonly TableFile[];
  readonly previews: readonly PreviewSet[];
  readonly models: readonly ModelCard[];
  /** What is not there yet, where the page is made before the study is done. */
  readonly awaited: readonly Awaited[];
  /** How far each task is that the page gathers, in the order of the plan; empty once all are done. */
  readonly unfinished: readonly Unfinished[];
  readonly limits: HeatmapLimits;
  readonly sources: Sources;
}

export interface HeatmapLimits {
  readonly heatmapImages: number;
  readonly heatmapColumns: number;
  /** Names of images to show; empty: the study names none. */
  readonly heatmapIds: readonly string[];
}

export interface Line {
  readonly key: string;
  readonly model: string;
  readonly variant: string;
  readonly label: string;
  /** Place in the palette. */
  readonly index: number;
}

/** The drawn images of one model, sparsity, seed and method. */
export interface PreviewSet {
  readonly line: Line;
  readonly seed: string;
  readonly sparsity: number;
  readonly method: string;
  readonly dir: string;
  /** By how much the maps of all its images miss what they should sum to, for methods that promise a sum. */
  readonly convergence?: Convergence;
  readonly items: readonly PreviewItem[];
}

/** What a checkpoint says of itself. */
export interface ModelCard {
  readonly model: string;
  readonly classes: number;
  readonly inputSize: number;
  readonly trained: { readonly [fact: string]: string | number | boolean };
}

/** A task of which instances have no result yet. */
export interface Unfinished {
  readonly name: string;
  readonly missing: number;
}

/** What the page was made from. */
export interface Sources {
  readonly counts: readonly { readonly what: string; readonly count: number }[];
  /** SHA-256 over the digests of all inputs, in their order. */
  readonly fingerprint: string;
  /** What could not be shown, one sentence each. */
  readonly remarks: readonly string[];
}

export function lineKey(model: string, variant: string): string {
  return JSON.stringify([model, variant]);
}
