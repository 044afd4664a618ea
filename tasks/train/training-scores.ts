import type { Facts } from '../../engine/contract/scalar.ts';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import { loadBatches } from '../../vision/data/loader.ts';
import { compileForward } from '../../vision/models/compile-forward.ts';
import { modelNamed } from '../../vision/models/registry.ts';
import { tf } from '../../vision/tensors/index.ts';
import type { EpochRecord } from '../../vision/training/position.ts';
import { disposeState, stateToTensors } from '../../vision/weights/state.ts';
import { openImageSet } from '../data/open.ts';
import type { StoredModel } from '../model/stored-model.ts';
import type { ScoredMetric } from '../readings/scores-file.ts';
import { writeScoresFile } from '../scores/write-scores.ts';
import { chosenImages } from './chosen-images.ts';

/** Writes the scores: one value an epoch, whose last one stands for the whole; validation after the last epoch only. */
export async function trainingScores(
  context: TaskContext,
  from: {
    readonly trained: StoredModel;
    readonly history: readonly EpochRecord[];
    /** Of the recipe, from 0. */
    readonly firstEpoch: number;
    readonly about: Facts;
  },
): Promise<void> {
  const { trained, history, firstEpoch, about } = from;
  const validation = await validationAccuracy(context, trained);
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'training',
    about,
    items: history.map((_, index) => `epoch ${firstEpoch + index + 1}`),
    metrics: {
      loss: byEpoch(
        history.map(({ loss }) => loss),
        'nats',
        false,
      ),
      accuracy: byEpoch(
        history.map(({ accuracy }) => accuracy),
        'fraction',
        true,
      ),
      learning_rate: byEpoch(
        history.map(({ learningRate }) => learningRate),
        'rate',
        false,
      ),
      ...(validation === undefined
        ? {}
        : {
            validation_accuracy: byEpoch([...history.slice(1).map(() => null), validation], 'fraction', true),
          }),
    },
  });
}

function byEpoch(values: readonly (number | null)[], unit: string, higherIsBetter: boolean): ScoredMetric {
  return { unit, higherIsBetter, mean: values.at(-1) ?? null, values };
}

const batchSize = 128;

/** Top-1 on the validation images, or undefined where none were given. */
async function validationAccuracy(context: TaskContext, trained: StoredModel): Promise<number | undefined> {
  const input = context.optionalData('validation');
  if (input === undefined) return undefined;
  const set = chosenImages(await openImageSet(input, context.device.threads), context.smoke ? 8 : undefined);
  if (set.classes.join('\n') !== trained.classes.join('\n'))
    throw new TaskError(
      'task',
      `the validation images of ${set.name} have other classes than the training images`,
    );
  const network = modelNamed(trained.description.name)!.build(trained.config);
  const state = stateToTensors(trained.state, network.entries);
  const { preprocessing } = trained;
  const side = preprocessing.crop;
  const order = Int32Array.from(set.records, (_, index) => index);
  const forward = compileForward(network, {
    state,
    shape: [Math.min(batchSize, order.length), side, side, 3],
    runs: order.length / batchSize,
  });
  let right = 0;
  try {
    for await (const { images, labels } of loadBatches({
      set,
      order,
      batchSize,
      preprocessing,
      seed: 0,
      epoch: 0,
      signal: context.signal,
    })) {
      const decided = tf.tidy(() => {
        const logits = forward.run(tf.tensor4d(images, [labels.length, side, side, 3]));
        return tf.argMax(logits, 1);
      });
      const classes = await decided.data();
      decided.dispose();
      labels.forEach((label, index) => (right += classes[index] === label ? 1 : 0));
    }
  } finally {
    forward.dispose();
    disposeState(state);
  }
  return right / set.records.length;
}
