import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { Scalar } from '../../engine/contract/scalar.ts';

/** `scores.json` of a `scores` artifact: one value an image for each metric. */
export interface ScoresFile {
  readonly format: 1;
  /** `localisation`, `corloc`, `accuracy`, `training`, … */
  readonly measure: string;
  readonly about: { readonly [fact: string]: Scalar };
  /** Image ids; `values` of each metric stand in this order. */
  readonly items: readonly string[];
  readonly metrics: { readonly [name: string]: ScoredMetric };
  readonly groups?: {
    readonly condition?: readonly (string | null)[];
    /** Whose items several stand for one image: the image's id. */
    readonly image?: readonly string[];
  };
  /** What people did on the same images, where the score compares with people. */
  readonly people?: HumanLevels;
  readonly notes?: JsonObject;
}

/** How people did on the images of a set that they and the model were both given: fractions of 1. */
export interface HumanLevels {
  readonly subjects: number;
  /** Mean over people. */
  readonly accuracy: number;
  /** Population standard deviation over people. */
  readonly accuracySpread: number;
  /** Mean over people; only on cue conflicts, and there where anybody decided one by shape or texture. */
  readonly shapeBias?: number;
  /** Empty where the set has none. */
  readonly conditions: readonly {
    readonly condition: string;
    readonly accuracy: number;
    readonly accuracySpread: number;
  }[];
}

export interface ScoredMetric {
  /** `fraction` (0..1), `percent` (0..100), or the name of another unit. */
  readonly unit: string;
  readonly higherIsBetter: boolean;
  readonly mean: number | null;
  /** What people reach in this, where the score compares with people. */
  readonly people?: number;
  /** Null is a named case without a value, such as an empty mask. */
  readonly values: readonly (number | null)[];
}

/** Reads the scores of an artifact's folder. The artifact was checked against its type when it was stored. */
export async function readScoresFile(dir: string): Promise<ScoresFile> {
  return JSON.parse(await readFile(join(dir, 'scores.json'), 'utf8')) as ScoresFile;
}
