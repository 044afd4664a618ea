import type { Series } from '../../readings/series.ts';
import type { Decision } from '../../sweet-spots/decision.ts';

/** Metrics of `accuracy` scores that the page judges; top-5 accuracy and loss say the same less plainly. */
const judgedOfAccuracy: readonly string[] = ['accuracy', 'top1', 'shape_bias'];

/** Of the likeness to people, what is corrected for accuracy: two observers who are often right agree often. */
const judgedOfHumans: readonly string[] = ['error_consistency'];

/** Whether a score stands on the page: scores of training and second versions of a score do not. */
export function isHeadline(score: Pick<Series | Decision, 'measure' | 'metric'>): boolean {
  if (score.measure === 'accuracy') return judgedOfAccuracy.includes(score.metric);
  if (score.measure === 'humans') return judgedOfHumans.includes(score.metric);
  return score.measure !== 'training';
}

/** Whether there is anything beside the dense model to tell. */
export function isTold({ outcome }: Decision): boolean {
  return (
    outcome.kind === 'decided' && outcome.points.some((point) => point.sparsity > 0 && point.gain !== null)
  );
}
