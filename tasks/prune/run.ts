import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { pruneCount } from '../../vision/pruning/amount.ts';
import {
  fullMasks,
  maskedValues,
  prunableEntries,
  sparsityOf,
  type Masks,
} from '../../vision/pruning/masks.ts';
import { pruningMethodNamed } from '../../vision/pruning/registry.ts';
import { float32Tensor, toFloat32 } from '../../vision/weights/raw-tensor.ts';
import { readStoredModel, writeStoredModel, type StoredModel } from '../model/stored-model.ts';
import { amountOf } from './amount-option.ts';

/** Prunes once. Needs no tensor code: masks are chosen from the file's own values, in PyTorch's order. */
export async function runPrune(context: TaskContext): Promise<void> {
  const { method: name, seed = 0 } = context.options as unknown as { method: string; seed?: number };
  const method = pruningMethodNamed(name);
  if (method === undefined) throw new Error(`no pruning method '${name}'`);
  const model = await readStoredModel(context.artifact('model').dir);
  const masks = model.masks ?? fullMasks(model.entries);
  const { total, pruned } = sparsityOf(masks);
  const amount = amountOf(context.options);
  if (amount.kind === 'count' && amount.count > total - pruned)
    throw new TaskError('task', `${amount.count} weights are to go, and ${total - pruned} are left`);

  const weights = prunableWeights(model);
  const next = method.prune({ weights, masks, amount, seed });
  const { sparsity } = sparsityOf(next);
  context.log.info('pruned', { weights: pruneCount(total - pruned, amount), of: total, sparsity });
  await writeStoredModel(context.output('model'), withMasks(model, next));
  context.stateFacts('model', { model: model.description.name, classes: model.classes.length, sparsity });
}

function prunableWeights({ entries, state, description }: StoredModel): ReadonlyMap<string, Float32Array> {
  return new Map(
    prunableEntries(entries).map(({ name }) => {
      const values = toFloat32(state.get(name)!);
      if (!values.every(Number.isFinite))
        throw new TaskError('task', `${description.name}'s '${name}' has values that are no numbers`);
      return [name, values];
    }),
  );
}

function withMasks(model: StoredModel, masks: Masks): StoredModel {
  const state = [...model.state].map(([name, tensor]) => {
    const mask = masks.get(name);
    return [
      name,
      mask === undefined ? tensor : float32Tensor(tensor.shape, maskedValues(toFloat32(tensor), mask)),
    ] as const;
  });
  return { ...model, state: new Map(state), masks };
}
