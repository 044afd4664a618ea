import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TaskError } from '../../engine/contract/task-context.ts';
import type { ModelConfig, ModelEntry } from '../../vision/models/model-entry.ts';
import type { Network, State } from '../../vision/models/network.ts';
import { modelNamed } from '../../vision/models/registry.ts';
import { tf } from '../../vision/tensors/index.ts';
import { memoryShape, toMemoryLayout } from '../../vision/weights/memory-layout.ts';
import { toFloat32 } from '../../vision/weights/raw-tensor.ts';
import { readSafetensors } from '../../vision/weights/safetensors.ts';
import { fitStateDict } from '../../vision/weights/state-dict.ts';
import type { StateDict } from '../../vision/weights/state-dict.ts';
import { modelFiles, readModelFile } from './model-file.ts';
import type { ModelFile } from './model-file.ts';

/** A `model` artifact, ready to run. Owns the tensors of `state`: dispose of it when done. */
export interface LoadedModel extends Disposable {
  readonly file: ModelFile;
  readonly entry: ModelEntry;
  readonly network: Network;
  readonly state: State;
}

/**
 * Opens a `model` artifact in memory layout, on the backend that runs.
 *
 * @param override replaces parts of the stored configuration that change no weight, e.g. the dilation.
 */
export async function loadModel(
  dir: string,
  override: Omit<Partial<ModelConfig>, 'classes'> = {},
): Promise<LoadedModel> {
  const file = await readModelFile(dir);
  const entry = modelNamed(file.model);
  if (entry === undefined) throw new TaskError('task', `this version knows no model ${file.model}`);
  const network = entry.build({ classes: file.classes.length, ...file.config, ...override });
  const tensors = readSafetensors(await readFile(join(dir, modelFiles.weights)));
  const fitted = tensors.kind === 'read' ? fitStateDict(tensors.tensors, network.entries) : tensors;
  if (fitted.kind !== 'fits') throw new TaskError('task', `${file.model}'s weights: ${fitted.detail}`);
  const state = stateTensors(network, fitted.state);
  return { file, entry, network, state, [Symbol.dispose]: () => tf.dispose([...state.values()]) };
}

/** Every entry but the counters, which no forward pass reads. */
function stateTensors(network: Network, dict: StateDict): Map<string, tf.Tensor> {
  return new Map(
    network.entries
      .filter((entry) => entry.role !== 'counter')
      .map((entry) => {
        const values = toMemoryLayout(toFloat32(dict.get(entry.name)!), entry.shape);
        return [entry.name, tf.tensor(values, [...memoryShape(entry.shape)], 'float32')];
      }),
  );
}
