import { describedModel } from '../../vision/models/catalogue.ts';
import { initialValues } from '../../vision/models/initialise.ts';
import { float32Tensor, int64Scalar } from '../../vision/weights/raw-tensor.ts';
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
  const values = initialValues({ entries, initialisation: description.initialisation, seed });
  const state = entries.map((entry) => {
    const drawn = values.get(entry.name);
    return [entry.name, drawn === undefined ? int64Scalar(0) : float32Tensor(entry.shape, drawn)] as const;
  });
  return {
    description,
    config,
    classes,
    preprocessing: description.preprocessing,
    entries,
    state: new Map(state),
    masks: undefined,
    trained: {},
  };
}
