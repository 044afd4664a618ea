import type { Line } from '../study/study.ts';
import type { Shown } from './shown.ts';

/** One place of the slider: a sparsity, and which of each model's sparsities that is. */
export interface Stop {
  readonly sparsity: number;
  readonly of: ReadonlyMap<Line, number>;
}

/**
 * The sparsities of all models, ascending. Rounds of the same share leave models of different sizes at sparsities that differ by the
 * rounding of counts: those are one stop, and two of one model never are.
 */
export function stopsOf(shown: readonly Shown[]): readonly Stop[] {
  const all = shown
    .flatMap(({ line, sparsities }) => sparsities.map((sparsity) => ({ line, sparsity })))
    .sort((a, b) => a.sparsity - b.sparsity);
  const stops: { sparsity: number; of: Map<Line, number> }[] = [];
  for (const { line, sparsity } of all) {
    const last = stops.at(-1);
    if (last !== undefined && !last.of.has(line) && leaveTheSame(last.sparsity, sparsity))
      last.of.set(line, sparsity);
    else stops.push({ sparsity, of: new Map([[line, sparsity]]) });
  }
  return stops;
}

/** Which stop a model's sparsity is. */
export function stopIndex(stops: readonly Stop[], line: Line, sparsity: number): number {
  return stops.findIndex((stop) => stop.of.get(line) === sparsity);
}

/** Whether the weights that are left differ by less than 0.5 %. */
function leaveTheSame(sparsity: number, more: number): boolean {
  return 1 - more >= 0.995 * (1 - sparsity);
}
