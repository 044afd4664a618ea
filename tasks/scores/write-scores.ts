import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mean, present } from '../../vision/statistics/mean-and-spread.ts';
import type { ScoredMetric, ScoresFile } from '../readings/scores-file.ts';

/** Writes `scores.json` into an output's folder. */
export async function writeScoresFile(dir: string, file: ScoresFile): Promise<void> {
  await writeFile(join(dir, 'scores.json'), `${JSON.stringify(file)}\n`);
}

/** A metric in 0..1 of which more is better, one value an image. */
export function fraction(values: readonly (number | null)[]): ScoredMetric {
  return metric(values, { unit: 'fraction', higherIsBetter: true });
}

/** A metric and its mean over the images that have a value. */
export function metric(
  values: readonly (number | null)[],
  { unit, higherIsBetter }: { readonly unit: string; readonly higherIsBetter: boolean },
): ScoredMetric {
  return { unit, higherIsBetter, mean: mean(present(values)) ?? null, values };
}

/** How often each named case occurred. */
export function countCases(cases: readonly string[]): { readonly [name: string]: number } {
  const counts: { [name: string]: number } = {};
  for (const name of cases) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
