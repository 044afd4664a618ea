import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import { readModelFile } from '../../model/model-file.ts';
import type { ModelCard } from './study.ts';

/** One card a model: that of its first checkpoint. */
export async function readModelCards(artifacts: readonly InputArtifact[]): Promise<readonly ModelCard[]> {
  const cards = new Map<string, ModelCard>();
  for (const { dir } of artifacts) {
    const { model, classes, preprocessing, trained } = await readModelFile(dir);
    if (cards.has(model)) continue;
    cards.set(model, {
      model,
      classes: classes.length,
      inputSize: preprocessing.crop,
      trained: Object.fromEntries(Object.entries(trained).filter(isScalar)),
    });
  }
  return [...cards.values()];
}

function isScalar(entry: [string, unknown]): entry is [string, string | number | boolean] {
  return ['string', 'number', 'boolean'].includes(typeof entry[1]);
}
