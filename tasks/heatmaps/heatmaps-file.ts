import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelFacts } from '../model/model-facts.ts';
import type { Convergence } from './convergence.ts';
import type { Preprocessing } from '../../vision/models/model-entry.ts';

/** `heatmaps.json` of a `heatmaps` artifact. All lists stand in the order of the maps. */
export interface HeatmapsFile extends ModelFacts {
  readonly format: 1;
  readonly method: string;
  /** Image ids, as the data set names them. */
  readonly items: readonly string[];
  /** Class with the highest logit, and the class that was explained. */
  readonly predicted: readonly number[];
  readonly targets: readonly number[];
  /** By how much each map misses what it should sum to, and how much that is over all images. */
  readonly convergenceDelta?: readonly number[];
  readonly convergence?: Convergence;
  /** What the images went through: masks have to follow. */
  readonly preprocessing: Preprocessing;
}

/** Names of the files of a `heatmaps` artifact, and of the tensor in the second: [images, channels, height, width]. */
export const heatmapsFiles = {
  description: 'heatmaps.json',
  maps: 'heatmaps.safetensors',
  tensor: 'heatmaps',
} as const;

export async function readHeatmapsFile(dir: string): Promise<HeatmapsFile> {
  return JSON.parse(await readFile(join(dir, heatmapsFiles.description), 'utf8')) as HeatmapsFile;
}

export async function writeHeatmapsFile(dir: string, file: HeatmapsFile): Promise<void> {
  await writeFile(join(dir, heatmapsFiles.description), `${JSON.stringify(file)}\n`);
}
