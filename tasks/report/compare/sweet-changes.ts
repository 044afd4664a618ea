import { decideAll } from '../../sweet-spots/decide.ts';
import type { Decision } from '../../sweet-spots/decision.ts';
import { sameSparsity, sweetPoints } from '../study/lookup.ts';
import type { Study } from '../study/study.ts';
import type { PairedScore } from './pair-scores.ts';

/** What became of the sweet spots of one score. Sparsities, ascending, as the second run has them. */
export interface SweetChange {
  readonly pair: PairedScore;
  readonly appeared: readonly number[];
  readonly vanished: readonly number[];
  readonly kept: readonly number[];
  /** Of those that appeared or vanished: at which the runs agree once the first is judged by the rule of the second. */
  readonly byRule: readonly number[];
}

export interface SweetChanges {
  readonly changes: readonly SweetChange[];
  readonly appeared: number;
  readonly vanished: number;
  readonly kept: number;
  readonly byRule: number;
  readonly rulesDiffer: boolean;
}

/** Compares sweet spots as each run decided them, at the sparsities that both have. */
export function sweetChanges(
  pairs: readonly PairedScore[],
  { before, after }: { readonly before: Study; readonly after: Study },
): SweetChanges {
  const rulesDiffer = JSON.stringify(before.rule) !== JSON.stringify(after.rule);
  const judgedAnew = rulesDiffer
    ? decideAll(
        pairs.map((pair) => pair.before),
        after.rule,
      )
    : [];
  const changes = pairs.map((pair): SweetChange => {
    const anew = judgedAnew.find((decision) => isOf(decision, pair));
    const at = (
      wanted: (before: boolean, after: boolean) => boolean,
      points = pair.points,
    ): readonly number[] =>
      points
        .filter(({ sweetBefore, sweetAfter }) => wanted(sweetBefore, sweetAfter))
        .map((point) => point.after.sparsity);
    const agreed = pair.points.filter(
      (point) =>
        anew !== undefined &&
        sweetPoints(anew).some(({ sparsity }) => sameSparsity(sparsity, point.before.sparsity)) ===
          point.sweetAfter,
    );
    return {
      pair,
      appeared: at((one, other) => !one && other),
      vanished: at((one, other) => one && !other),
      kept: at((one, other) => one && other),
      byRule: at((one, other) => one !== other, agreed),
    };
  });
  const count = (of: (change: SweetChange) => readonly number[]): number =>
    changes.reduce((sum, change) => sum + of(change).length, 0);
  return {
    changes,
    appeared: count(({ appeared }) => appeared),
    vanished: count(({ vanished }) => vanished),
    kept: count(({ kept }) => kept),
    byRule: count(({ byRule }) => byRule),
    rulesDiffer,
  };
}

function isOf(decision: Decision, { before }: PairedScore): boolean {
  return (
    decision.measure === before.measure &&
    decision.metric === before.metric &&
    decision.model === before.model &&
    decision.variant === before.variant &&
    decision.method === (before.method ?? null) &&
    decision.set === (before.set ?? null)
  );
}
