import { describedModel } from '../../vision/models/catalogue.ts';
import { freshState } from '../../vision/weights/fresh-state.ts';
import type { StoredModel } from '../model/stored-model.ts';

/** A model of the catalogue with weights drawn from a seed. */
export function freshModel(
  name: string,
  { classes, seed }: { readonly classes: readonly string[]; readonly seed: number },
): StoredModel {
  const description = describedModel(name);
  if (description === undefined) throw new Error(`no model '${name}'`);
  const config = { classes: classes.length };
  const entries = description.layout(config);
  return {
    description,
    config,
    classes,
    preprocessing: description.preprocessing,
    entries,
    state: freshState({ entries, initialisation: description.initialisation, seed }),
    masks: undefined,
    trained: {},
  };
}
