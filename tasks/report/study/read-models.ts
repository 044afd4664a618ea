import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputArtifact } from '../../../engine/contract/task-context.ts';
import type { ModelCard } from './study.ts';

/** What `model.json` holds for the page: the rest of a checkpoint is not read. */
interface ModelFile {
  readonly model: string;
  readonly classes: readonly string[];
  readonly preprocessing?: { readonly crop?: number };
  readonly trained?: { readonly [fact: string]: unknown };
}

/** One card a model: that of its first checkpoint. */
export async function readModelCards(artifacts: readonly InputArtifact[]): Promise<readonly ModelCard[]> {
  const cards = new Map<string, ModelCard>();
  for (const { dir } of artifacts) {
    const file = JSON.parse(await readFile(join(dir, 'model.json'), 'utf8')) as ModelFile;
    if (cards.has(file.model)) continue;
    cards.set(file.model, {
      model: file.model,
      classes: file.classes.length,
      inputSize: file.preprocessing?.crop,
      trained: Object.fromEntries(Object.entries(file.trained ?? {}).filter(isScalar)),
    });
  }
  return [...cards.values()];
}

function isScalar(entry: [string, unknown]): entry is [string, string | number | boolean] {
  return ['string', 'number', 'boolean'].includes(typeof entry[1]);
}
