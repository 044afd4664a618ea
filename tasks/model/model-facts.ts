import { sparsityOf } from '../../vision/pruning/masks.ts';
import type { StoredModel } from './stored-model.ts';

/** What a model says of itself wherever results about it are written. Read off the artifact, so that a key covers it. */
export interface ModelFacts {
  readonly model: string;
  readonly classes: number;
  /** Share of the prunable weights that are masked. */
  readonly sparsity: number;
}

export function modelFacts({ description, classes, masks }: StoredModel): ModelFacts {
  const sparsity = masks === undefined ? 0 : sparsityOf(masks).sparsity;
  return { model: description.name, classes: classes.length, sparsity };
}

/** The facts among the fields of an artifact's description. */
export function pickModelFacts({ model, classes, sparsity }: ModelFacts): ModelFacts {
  return { model, classes, sparsity };
}
