import type { ClassMap } from './class-map.ts';

/** One category and the mean softmax over its classes. */
export interface RankedCategory {
  readonly category: string;
  readonly score: number;
}

/** Softmax of one row of logits, in float64. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(logits);
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    values[i] = Math.exp(values[i]! - largest);
    sum += values[i]!;
  }
  return values.map((value) => value / sum);
}

/**
 * Categories by falling *mean* probability of their classes (Geirhos et al. 2021, appendix B; a sum would favour the 109
 * dogs). Ties go to the later entry, as model-vs-human's flipped argsort has it.
 */
export function rankCategories(probabilities: ArrayLike<number>, map: ClassMap): readonly RankedCategory[] {
  const scored = map.entries.map(({ category, classes }, place) => {
    let sum = 0;
    for (const index of classes) sum += probabilities[index]!;
    return { category, place, score: sum / classes.length };
  });
  return scored
    .sort((a, b) => b.score - a.score || b.place - a.place)
    .map(({ category, score }) => ({ category, score }));
}
