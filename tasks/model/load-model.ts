import { TaskError } from '../../engine/contract/task-context.ts';
import type { ModelConfig, ModelEntry } from '../../vision/models/model-entry.ts';
import type { Network, State } from '../../vision/models/network.ts';
import { modelNamed } from '../../vision/models/registry.ts';
import { disposeState, stateToTensors } from '../../vision/weights/state.ts';
import { readStoredModel } from './stored-model.ts';
import type { StoredModel } from './stored-model.ts';

/** A `model` artifact, ready to run. Owns the tensors of `state`: dispose of it when done. */
export interface LoadedModel extends Disposable {
  readonly stored: StoredModel;
  readonly entry: ModelEntry;
  readonly network: Network;
  readonly state: State;
}

/**
 * Opens a `model` artifact in memory layout, on the backend that runs. Throws `TaskError` where it contradicts itself.
 *
 * @param override replaces parts of the stored configuration that change no weight, e.g. the dilation.
 */
export async function loadModel(
  dir: string,
  override: Omit<Partial<ModelConfig>, 'classes'> = {},
): Promise<LoadedModel> {
  const stored = await readStoredModel(dir);
  const { name } = stored.description;
  const entry = modelNamed(name);
  if (entry === undefined) throw new TaskError('task', `this version cannot build the model ${name}`);
  const network = entry.build({ ...stored.config, ...override });
  const state = stateToTensors(stored.state, network.entries);
  return { stored, entry, network, state, [Symbol.dispose]: () => disposeState(state) };
}
