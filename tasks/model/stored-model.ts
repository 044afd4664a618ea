import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import { TaskError } from '../../engine/contract/task-context.ts';
import { describedModel } from '../../vision/models/catalogue.ts';
import type { ModelConfig, ModelDescription, Preprocessing } from '../../vision/models/model-entry.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import { masksFromTensors, masksToTensors, type Masks } from '../../vision/pruning/masks.ts';
import { FileSource } from '../../vision/weights/byte-source.ts';
import type { RawTensors } from '../../vision/weights/raw-tensor.ts';
import { readSafetensors } from '../../vision/weights/safetensors.ts';
import { fitStateDict, type StateDict } from '../../vision/weights/state-dict.ts';
import { loadTensors } from '../../vision/weights/stored-tensor.ts';
import { writeSafetensors, type TensorsToWrite } from '../../vision/weights/write-safetensors.ts';
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
  await using weights = await FileSource.open(join(dir, modelFiles.weights));
  const read = await readSafetensors(weights);
  const fitted = read.kind === 'read' ? fitStateDict(read.tensors, entries) : read;
  if (fitted.kind !== 'fits') throw new TaskError('task', `${model}'s weights: ${fitted.detail}`);
  const state = await loadTensors(fitted.state);
  const masks = await readMasks(join(dir, modelFiles.masks), entries);
  return { description, config, classes, preprocessing, entries, state, masks, trained };
}

/** A model whose weights may still lie in the file that they come from. */
export type ModelToStore = Omit<StoredModel, 'state'> & { readonly state: TensorsToWrite };

/** Writes a model artifact into the existing folder `dir`. The same model gives the same bytes. */
export async function writeStoredModel(dir: string, model: ModelToStore): Promise<void> {
  const { description, classes, preprocessing, entries, state, masks, trained } = model;
  const { classes: _counted, ...config } = model.config;
  await writeModelFile(dir, {
    format: 1,
    model: description.name,
    classes,
    preprocessing,
    config,
    trained,
  });
  await writeSafetensors(join(dir, modelFiles.weights), state, { format: 'pt' });
  if (masks !== undefined)
    await writeSafetensors(join(dir, modelFiles.masks), masksToTensors(masks, entries));
}

async function readMasks(path: string, entries: readonly StateEntry[]): Promise<Masks | undefined> {
  const tensors = await readMaskTensors(path);
  if (tensors === undefined) return undefined;
  const masks = masksFromTensors(tensors, entries);
  if (masks === undefined)
    throw new TaskError('task', `${modelFiles.masks}: not the masks of the model's prunable weights`);
  return masks;
}

async function readMaskTensors(path: string): Promise<RawTensors | undefined> {
  try {
    await using file = await FileSource.open(path);
    const read = await readSafetensors(file);
    if (read.kind !== 'read') throw new TaskError('task', `${modelFiles.masks}: ${read.detail}`);
    return await loadTensors(read.tensors);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
