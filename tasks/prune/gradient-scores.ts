import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { epochOrder, loadBatches, type Batch } from '../../vision/data/loader.ts';
import { modelNamed } from '../../vision/models/registry.ts';
import { lossGradients } from '../../vision/pruning/loss-gradients.ts';
import type { Scores, Scoring } from '../../vision/pruning/method.ts';
import { openImageSet } from '../data/open.ts';
import type { StoredModel } from '../model/stored-model.ts';

interface Options {
  readonly batch: number;
  readonly batches: number;
  readonly seed: number;
  readonly label_smoothing: number;
}

/** Scores of weights by the gradients on images that the seed chooses, cut out as in evaluation. */
export async function gradientScores(
  context: TaskContext,
  { model, weights, scoring }: { model: StoredModel; weights: Scores; scoring: Scoring },
): Promise<Scores> {
  const { batch, batches, seed, label_smoothing: labelSmoothing } = context.options as unknown as Options;
  const set = await openImageSet(context.data('data'));
  if (set.classes.join('\n') !== model.classes.join('\n'))
    throw new TaskError('task', `the images of ${set.name} have other classes than the model`);
  const wanted = batch * batches;
  const order = epochOrder({ images: set.records.length, seed, epoch: 0 }).subarray(0, wanted);
  if (order.length < wanted)
    context.log.warn(`${wanted} images are asked for, and there are ${order.length}`);
  const { preprocessing } = model;
  const scores = await scoring.score(
    weights,
    lossGradients({
      network: modelNamed(model.description.name)!.build(model.config),
      state: model.state,
      names: [...weights.keys()],
      batches: counted(
        loadBatches({ set, order, batchSize: batch, preprocessing, seed, epoch: 0, signal: context.signal }),
        { context, of: order.length },
      ),
      side: preprocessing.crop,
      labelSmoothing,
    }),
  );
  for (const [name, values] of scores)
    if (!values.every(Number.isFinite))
      throw new TaskError('task', `the gradient of '${name}' is no number: the loss has diverged`);
  return scores;
}

async function* counted(
  batches: AsyncIterable<Batch>,
  { context, of }: { readonly context: TaskContext; readonly of: number },
): AsyncGenerator<Batch, void, undefined> {
  let done = 0;
  for await (const batch of batches) {
    yield batch;
    done += batch.labels.length;
    context.progress({ done, of, unit: 'images' });
  }
}
