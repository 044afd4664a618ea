import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { ModelConfig, Preprocessing } from '../../vision/models/model-entry.ts';

/** `model.json` of a `model` artifact: what its weights do not say themselves. */
export interface ModelFile {
  readonly format: 1;
  /** As the registry of models names it. */
  readonly model: string;
  /** In the order of the logits. */
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  /** What `build` takes beside the number of classes. */
  readonly config: Omit<ModelConfig, 'classes'>;
  /** Facts about the training, for people. */
  readonly trained: JsonObject;
}

/** Names of the files of a `model` artifact. `masks` is there where weights were pruned. */
export const modelFiles = {
  description: 'model.json',
  weights: 'model.safetensors',
  masks: 'masks.safetensors',
} as const;

/** Reads the description of an artifact that was checked when it was stored. */
export async function readModelFile(dir: string): Promise<ModelFile> {
  return JSON.parse(await readFile(join(dir, modelFiles.description), 'utf8')) as ModelFile;
}

export async function writeModelFile(dir: string, file: ModelFile): Promise<void> {
  await writeFile(join(dir, modelFiles.description), `${JSON.stringify(file, null, 1)}\n`);
}
