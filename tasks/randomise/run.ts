import type { TaskContext } from '../../engine/contract/task-context.ts';
import { randomisedState } from '../../vision/weights/randomise.ts';
import { modelFacts } from '../model/model-facts.ts';
import { readStoredModel, writeStoredModel } from '../model/stored-model.ts';

interface Options {
  readonly layers?: number;
  readonly seed: number;
}

/** Works on the file's own values: no tensor code is loaded. */
export async function runRandomise(context: TaskContext): Promise<void> {
  const { layers, seed } = context.options as unknown as Options;
  const model = await readStoredModel(context.artifact('model').dir);
  const { initialisation } = model.description;
  const state = randomisedState({ ...model, initialisation, layers, seed });
  const trained = { ...model.trained, randomised: layers ?? 'all layers' };
  await writeStoredModel(context.output('model'), { ...model, state, trained });
  context.stateFacts('model', { ...modelFacts(model) });
}
