import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import { TaskError } from '../../engine/contract/task-context.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import type { ModelConfig, ModelDescription, Preprocessing } from '../../vision/models/model-entry.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import { masksFromTensors, masksToTensors, type Masks } from '../../vision/pruning/masks.ts';
import { readSafetensors, writeSafetensors } from '../../vision/weights/safetensors.ts';
import { fitStateDict, type StateDict } from '../../vision/weights/state-dict.ts';
import { modelFiles, readModelFile, writeModelFile } from './model-file.ts';

/** A `model` artifact with all its bytes, in PyTorch's layout: what is trained, pruned, imported and exported. */
export interface StoredModel {
  readonly description: ModelDescription;
  readonly config: ModelConfig;
  /** Names of the classes, in the order of the logits. */
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  readonly entries: readonly StateEntry[];
  readonly state: StateDict;
  /** Undefined: never pruned. */
  readonly masks: Masks | undefined;
  /** What training told of itself, the recipe above all; whatever changes the model passes it on. */
  readonly trained: JsonObject;
}

/** Reads a model artifact without loading any tensor code. Throws `TaskError` where it contradicts itself. */
export async function readStoredModel(dir: string): Promise<StoredModel> {
  const { model, classes, preprocessing, config: extras, trained } = await readModelFile(dir);
  const description = describedModel(model);
  if (description === undefined) throw new TaskError('task', `this version knows no model ${model}`);
  const config: ModelConfig = { classes: classes.length, ...extras };
  const entries = description.layout(config);
  const weights = readSafetensors(await readFile(join(dir, modelFiles.weights)));
  const fitted = weights.kind === 'read' ? fitStateDict(weights.tensors, entries) : weights;
  if (fitted.kind !== 'fits') throw new TaskError('task', `${model}'s weights: ${fitted.detail}`);
  const masks = await readMasks(join(dir, modelFiles.masks), entries);
  return { description, config, classes, preprocessing, entries, state: fitted.state, masks, trained };
}

/** Writes a model artifact into the existing folder `dir`. The same model gives the same bytes. */
export async function writeStoredModel(dir: string, model: StoredModel): Promise<void> {
  const { description, config, classes, preprocessing, entries, state, masks, trained } = model;
  await writeModelFile(dir, {
    format: 1,
    model: description.name,
    classes,
    preprocessing,
    config: config.dilation === undefined ? {} : { dilation: config.dilation },
    trained,
  });
  await writeFile(join(dir, modelFiles.weights), writeSafetensors(state, { format: 'pt' }));
  if (masks !== undefined)
    await writeFile(join(dir, modelFiles.masks), writeSafetensors(masksToTensors(masks, entries)));
}

async function readMasks(path: string, entries: readonly StateEntry[]): Promise<Masks | undefined> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const read = readSafetensors(bytes);
  if (read.kind !== 'read') throw new TaskError('task', `${modelFiles.masks}: ${read.detail}`);
  const masks = masksFromTensors(read.tensors, entries);
  if (masks === undefined)
    throw new TaskError('task', `${modelFiles.masks}: not the masks of the model's prunable weights`);
  return masks;
}
