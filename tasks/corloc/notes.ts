import type { JsonObject } from '../../cache/json.ts';
import { countCases } from '../scores/write-scores.ts';
import type { BoxCounts, Judgement } from './judge.ts';

/**
 * What the scores leave out: how many images had which outcome, how many annotated boxes counted; and for each category
 * how many images show it, and in how many of them the box hits one of its objects.
 */
export function corlocNotes(judgements: readonly Judgement[]): JsonObject {
  const total = (of: keyof BoxCounts): number => judgements.reduce((sum, { counts }) => sum + counts[of], 0);
  const categories = [...new Set(judgements.flatMap(({ hits }) => [...hits.keys()]))].sort();
  const classes = categories.map((category) => {
    const own = judgements.flatMap(({ hits }) => (hits.has(category) ? [hits.get(category)!] : []));
    return [category, { images: own.length, hits: own.filter(Boolean).length }] as const;
  });
  return {
    corloc: countCases(judgements.map(({ outcome }) => outcome)),
    boxes: {
      annotated: total('annotated'),
      hard: total('hard'),
      outside: total('outside'),
      clipped: total('clipped'),
    },
    classes: Object.fromEntries(classes),
  };
}
