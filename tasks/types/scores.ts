import type { ArtifactType } from '../../engine/contract/artifact-type.ts';
import { isList, isRecord, readJsonObject } from './read-json.ts';

/** One value an image for each metric, so that intervals over images can be drawn. */
export const scores: ArtifactType = {
  type: 'scores',
  summary: 'scores.json: one value an image for each metric',
  check: async (dir) => {
    const read = await readJsonObject(dir, 'scores.json');
    if (read.kind === 'problem') return [read.problem];
    const { measure, about, items, metrics, groups } = read.content;
    const problems: string[] = [];
    if (typeof measure !== 'string') problems.push('scores.json: measure is no text');
    if (!isRecord(about)) problems.push('scores.json: about is no object');
    if (!isList(items)) return [...problems, 'scores.json: items is no list'];
    if (!isRecord(metrics)) return [...problems, 'scores.json: metrics is no object'];
    for (const [name, metric] of Object.entries(metrics)) {
      const problem = problemOf(metric, items.length);
      if (problem !== undefined) problems.push(`scores.json: metric ${name} ${problem}`);
    }
    for (const [name, group] of Object.entries(isRecord(groups) ? groups : {})) {
      if (!isList(group, items.length)) problems.push(`scores.json: group ${name} has not one entry an item`);
    }
    return problems;
  },
};

function problemOf(metric: unknown, items: number): string | undefined {
  if (!isRecord(metric)) return 'is no object';
  const { unit, higherIsBetter, mean, values } = metric;
  if (typeof unit !== 'string') return 'has no unit';
  if (typeof higherIsBetter !== 'boolean') return 'does not say whether higher is better';
  if (mean !== null && !Number.isFinite(mean)) return 'has no mean (a number, or null)';
  if (!isList(values, items)) return 'has not one value an item';
  return values.every((value) => value === null || Number.isFinite(value))
    ? undefined
    : 'has a value that is no number';
}
