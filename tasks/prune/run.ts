import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { AmountError } from '../../vision/pruning/amount.ts';
import { fullMasks, maskedValues, sparsityOf, withGroups, type Masks } from '../../vision/pruning/masks.ts';
import type { PruneRequest, PruningMethod } from '../../vision/pruning/method.ts';
import { float32Tensor, toFloat32 } from '../../vision/weights/raw-tensor.ts';
import { readStoredModel, writeStoredModel, type StoredModel } from '../model/stored-model.ts';
import { foretell } from './foretell.ts';
import { factsFromStanding } from './masks-fact.ts';
import { amountOf, methodOf, scopeOf } from './options.ts';
import { reachedEntries } from './reach.ts';
import { masksStandAs } from './verify-standing.ts';

/**
 * Prunes once. Masks are chosen from the file's own values, in PyTorch's order; only methods that look at gradients load
 * tensor code.
 */
export async function runPrune(context: TaskContext): Promise<void> {
  const { options } = context;
  const method = methodOf(options);
  const input = context.artifact('model');
  const model = await readStoredModel(input.dir);
  const { entries, description } = model;
  const masks = withGroups(model.masks ?? fullMasks(entries), entries, scopeOf(options).include);
  const reached = reachedEntries({ name: description.name, entries }, options);
  if (reached.kind === 'unreached') throw new TaskError('task', reached.problem.message);

  const weights = new Map(reached.entries.map(({ name }) => [name, finiteValues(model, name)]));
  const next = new Map([...masks, ...prunedBy(method, await requestFor(context, { model, masks, weights }))]);
  const { sparsity, pruned, total } = sparsityOf(next);
  const standing = foretell({ name: description.name, entries, facts: input.facts }, options);
  if (standing !== undefined && !masksStandAs(next, standing))
    throw new Error(`${method.name} left other numbers of weights than its rule says`);
  context.log.info('pruned', { weights: pruned - sparsityOf(masks).pruned, of: total, sparsity });
  await writeStoredModel(context.output('model'), withMasks(model, next));
  context.stateFacts('model', {
    model: description.name,
    classes: model.classes.length,
    ...(standing === undefined ? {} : factsFromStanding(standing, entries)),
    sparsity,
  });
}

async function requestFor(
  context: TaskContext,
  { model, masks, weights }: { model: StoredModel; masks: Masks; weights: ReadonlyMap<string, Float32Array> },
): Promise<PruneRequest> {
  const { options } = context;
  const { scoring } = methodOf(options);
  const names = [...weights.keys()];
  const shapes = new Map(model.entries.map(({ name, shape }) => [name, shape]));
  const request = {
    weights,
    masks: new Map(names.map((name) => [name, masks.get(name)!])),
    shapes,
    amount: amountOf(options) ?? { kind: 'count', count: 0 },
    seed: (options['seed'] as number | undefined) ?? 0,
    options,
  } satisfies PruneRequest;
  if (scoring === undefined) return request;
  const { gradientScores } = await import('./gradient-scores.ts');
  return { ...request, scores: await gradientScores(context, { model, weights, scoring }) };
}

function prunedBy(method: PruningMethod, request: PruneRequest): Masks {
  try {
    return method.prune(request);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const { count, left } = error;
    const of = method.amountOf === undefined ? '' : `, ${method.amountOf}`;
    throw new TaskError('task', `${count} weights are to go${of}, and ${left} are left`, { cause: error });
  }
}

function finiteValues({ state, description }: StoredModel, name: string): Float32Array {
  const values = toFloat32(state.get(name)!);
  if (!values.every(Number.isFinite))
    throw new TaskError('task', `${description.name}'s '${name}' has values that are no numbers`);
  return values;
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
