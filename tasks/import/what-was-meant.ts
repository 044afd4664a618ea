import { catalogue, describedModel, type CataloguedModel } from '../../vision/models/catalogue.ts';
import type { StateEntry } from '../../vision/models/network.ts';
import type { StoredTensors } from '../../vision/weights/stored-tensor.ts';

/** What the options should have said of a checkpoint that does not fit them, where its names and shapes tell. */
export function whatWasMeant(
  tensors: StoredTensors,
  { model, classes }: { readonly model: string; readonly classes: number },
): string | undefined {
  const others = catalogue.filter(({ name }) => name !== model);
  for (const described of [describedModel(model)!, ...others]) {
    const found = classesIn(tensors, described, classes);
    if (found === undefined) continue;
    const name = described.name === model ? [] : [`\`model: ${described.name}\``];
    const count = found === classes ? [] : [`\`classes: ${found}\``];
    if (name.length + count.length > 0)
      return `its names and shapes are those of ${[...name, ...count].join(' with ')}`;
  }
  return undefined;
}

/** Every model whose names and shapes a checkpoint has, with the number of classes of its head. */
export function modelsThatFit(
  tensors: StoredTensors,
): readonly { readonly model: string; readonly classes: number }[] {
  return catalogue.flatMap((described) => {
    const classes = classesIn(tensors, described, 2);
    return classes === undefined ? [] : [{ model: described.name, classes }];
  });
}

/** How many classes the checkpoint's head has, if all else is this model's. */
function classesIn(tensors: StoredTensors, described: CataloguedModel, classes: number): number | undefined {
  const entries = described.layout({ classes }).filter(isWanted);
  const head = tensors.get(entries.at(-1)!.name)?.shape[0];
  if (head === undefined || head < 2) return undefined;
  const expected = described.layout({ classes: head }).filter(isWanted);
  const fits = expected.every(
    ({ name, formerly, shape, positions }) =>
      positions === true ||
      (tensors.get(name) ?? tensors.get(formerly ?? name))?.shape.join() === shape.join(),
  );
  const known = new Set(
    described.layout({ classes: head }).flatMap(({ name, formerly }) => [name, formerly]),
  );
  return fits && [...tensors.keys()].every((name) => known.has(name)) ? head : undefined;
}

/** Files may lack the others. */
function isWanted({ role }: StateEntry): boolean {
  return role !== 'counter' && role !== 'constant';
}
