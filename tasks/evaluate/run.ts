import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../cache/json.ts';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { ImageRecord } from '../../vision/data/image-set.ts';
import { loadBatches } from '../../vision/data/loader.ts';
import type { ClassMapRequest } from '../../vision/ood/class-map.ts';
import { shapeBias } from '../../vision/ood/shape-bias.ts';
import { tf } from '../../vision/tensors/index.ts';
import { chooseImages } from '../data/choose-images.ts';
import { openImageSet } from '../data/open.ts';
import { type Forward, keepModel } from '../model/keep-model.ts';
import { modelFacts } from '../model/model-facts.ts';
import { forAnyImage, forWholeImage } from '../model/input-geometry.ts';
import type { ScoredMetric } from '../readings/scores-file.ts';
import { countCases, fraction, metric, writeScoresFile } from '../scores/write-scores.ts';
import { makeJudge } from './judge.ts';
import type { Judge, Judgement } from './judge.ts';

interface Options {
  readonly set?: string;
  readonly class_map: ClassMapRequest['wanted'];
  readonly images?: number;
  readonly batch: number;
}

/** Lets the model decide on each chosen image and compares with the image's class. */
export async function runEvaluate(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const input = context.artifact('model');
  using model = await keepModel(input);
  const { classes } = model.stored;
  const geometry = options.set === undefined ? forAnyImage : forWholeImage;
  const preprocessing = geometry(model.stored.preprocessing);
  const set = await openImageSet(context.data('data'), context.device.threads);
  const order = chooseImages(set.records.length, options.images);
  const judge = makeJudge({ wanted: options.class_map, modelClasses: classes, setClasses: set.classes });

  const judgements: Judgement[] = [];
  const { signal } = context;
  const batches = loadBatches({
    set,
    order,
    batchSize: options.batch,
    preprocessing,
    seed: 0,
    epoch: 0,
    signal,
  });
  const side = preprocessing.crop;
  const forward = model.forward({
    shape: [Math.min(options.batch, order.length), side, side, 3],
    runs: order.length / options.batch,
  });
  for await (const { images, indices } of batches) {
    const logits = await logitsOf(forward, tf.tensor4d(images, [indices.length, side, side, 3]));
    indices.forEach((index, row) => {
      const truth = set.classes[set.records[index]!.label];
      judgements.push(judge.judge(logits.subarray(row * classes.length, (row + 1) * classes.length), truth));
    });
    context.progress({ done: judgements.length, of: order.length, unit: 'images' });
  }

  const records = Array.from(order, (index) => set.records[index]!);
  const about = {
    ...modelFacts(model.stored),
    ...(options.set === undefined ? {} : { set: options.set }),
  };
  const bias = biasOf({ judgements, records, classes: set.classes, judge });
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'accuracy',
    about: { ...about, class_map: judge.classMap, data: set.name },
    items: records.map(({ id }) => id),
    metrics: { ...metricsOf(judgements, judge), ...bias.metrics },
    ...(records.some(({ condition }) => condition !== undefined)
      ? { groups: { condition: records.map(({ condition }) => condition ?? null) } }
      : {}),
    notes: {
      accuracy: countCases(judgements.map(({ accuracy }) => (accuracy === null ? 'not-asked' : 'measured'))),
      ...bias.notes,
      ...(options.set === undefined ? statedNote(model.stored.trained) : {}),
    },
  });
  await writeDecisions(context.output('scores'), judgements, records);
  context.stateFacts('scores', about);
}

/** What was said of an imported checkpoint, to stand beside what is measured. */
function statedNote(trained: JsonObject): JsonObject {
  const accuracy = trained['stated accuracy'];
  return accuracy === undefined ? {} : { stated: { accuracy, data: trained['stated data'] ?? null } };
}

/** Disposes the images. */
async function logitsOf(forward: Forward, images: tf.Tensor4D): Promise<Float32Array> {
  const logits = forward.run(images);
  images.dispose();
  try {
    return (await logits.data()) as Float32Array;
  } finally {
    logits.dispose();
  }
}

function metricsOf(
  judgements: readonly Judgement[],
  judge: Judge,
): { readonly [name: string]: ScoredMetric } {
  return {
    accuracy: fraction(judgements.map(({ accuracy }) => accuracy)),
    ...(judge.choices > 5 ? { top5: fraction(judgements.map(({ top5 }) => top5)) } : {}),
    ...(judge.hasLoss
      ? {
          loss: metric(
            judgements.map(({ loss }) => loss),
            { unit: 'nats', higherIsBetter: false },
          ),
        }
      : {}),
  };
}

/**
 * Cue conflicts: 1 where the shape decided, 0 where the texture did, so that the mean is the shape bias. Where the model cannot
 * answer with either of the two there is no conflict for it.
 */
function biasOf(request: {
  readonly judgements: readonly Judgement[];
  readonly records: readonly ImageRecord[];
  readonly classes: readonly string[];
  readonly judge: Judge;
}): {
  readonly metrics: { readonly [name: string]: ScoredMetric };
  readonly notes: { readonly [name: string]: number };
} {
  const { judgements, records, classes, judge } = request;
  if (!records.some(({ texture }) => texture !== undefined)) return { metrics: {}, notes: {} };
  const trials = records.map(({ label, texture }, i) => {
    const shape = classes[label];
    if (shape === undefined || texture === undefined) return undefined;
    if (!judge.canChoose(shape) || !judge.canChoose(texture)) return undefined;
    return { decision: judgements[i]!.decision, shape, texture };
  });
  const values = trials.map((trial) => {
    if (trial === undefined || trial.shape === trial.texture) return null;
    return trial.decision === trial.shape ? 1 : trial.decision === trial.texture ? 0 : null;
  });
  const bias = shapeBias(trials.filter((trial) => trial !== undefined));
  return {
    metrics: { shape_bias: fraction(values) },
    notes:
      bias === undefined
        ? {}
        : { conflicts: bias.conflicts, shape_share: bias.shapeShare, texture_share: bias.textureShare },
  };
}

/** What was decided for each image, for comparisons between observers (error consistency). */
async function writeDecisions(
  dir: string,
  judgements: readonly Judgement[],
  records: readonly ImageRecord[],
): Promise<void> {
  const file = {
    format: 1,
    items: records.map(({ id }) => id),
    decisions: judgements.map(({ decision }) => decision),
  };
  await writeFile(join(dir, 'decisions.json'), `${JSON.stringify(file)}\n`);
}
