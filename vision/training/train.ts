import { setImmediate as nextTurn } from 'node:timers/promises';
import { epochOrder, loadBatches, type Batch } from '../data/loader.ts';
import { tf } from '../tensors/index.ts';
import { flatParameters } from './flat-parameters.ts';
import { augmentOf } from './recipe.ts';
import { learningRateAt } from './schedule.ts';
import type { Position } from './position.ts';
import { startState, finalState } from './state-dicts.ts';
import { disposeTrainingState, trainingStep, type StepProgram, type TrainingState } from './step.ts';
import type { TrainRequest, TrainResult } from './train-request.ts';

/**
 * Trains a network from its first epoch, or from a snapshot, to the end of its recipe. The result is the same in both
 * cases, bit by bit on one device class. Aborted, it makes a snapshot and throws the signal's reason.
 */
export async function train(request: TrainRequest): Promise<TrainResult> {
  const { network, recipe, masks, resume } = request;
  const flat = flatParameters(network.entries);
  const mask = masks && flat.packValues(masks, 1);
  const program: StepProgram = { network, flat, mask, labelSmoothing: recipe.label_smoothing };
  const run: Run = {
    request,
    program,
    state: resume?.state ?? startState(request.initial, network, flat),
    position: resume?.position ?? { epoch: 0, step: 0, totalSteps: 0, history: [] },
    pace: { snapshotAt: request.now(), reportAt: request.now(), imagesSince: 0 },
  };
  try {
    while (run.position.epoch < recipe.epochs) {
      const failure = await trainEpoch(run);
      if (failure !== undefined) return failure;
    }
    const { state: last, position } = run;
    const { totalSteps, history } = position;
    const state = await finalState(program, { state: last, initial: request.initial, totalSteps });
    return { kind: 'trained', state, history };
  } finally {
    disposeTrainingState(run.state);
    mask?.dispose();
  }
}

/** Training under way. Owns `state`. */
interface Run {
  readonly request: TrainRequest;
  readonly program: StepProgram;
  state: TrainingState;
  position: Position;
  readonly pace: { snapshotAt: number; reportAt: number; imagesSince: number };
}

async function trainEpoch(run: Run): Promise<TrainResult | undefined> {
  const { set, preprocessing, recipe, seed, signal, onSnapshot } = run.request;
  const { epoch, step } = run.position;
  const images = set.records.length;
  const learningRate = learningRateAt(recipe, epoch);
  const order = epochOrder({ images, seed, epoch }).subarray(step * recipe.batch);
  const batches = loadBatches({
    set,
    order,
    batchSize: recipe.batch,
    preprocessing,
    augment: augmentOf(recipe),
    seed,
    epoch,
  });
  for await (const batch of batches) {
    // A turn of the event loop, so that messages and the abort are heard while data comes from memory.
    await nextTurn();
    if (signal?.aborted === true) {
      await onSnapshot(run.state, run.position);
      signal.throwIfAborted();
    }
    takeStep(run, batch, learningRate);
    if (!(await report(run, Math.min(run.position.step * recipe.batch, images))))
      return diverged(run, learningRate);
    await snapshotIfDue(run);
  }
  return endEpoch(run, learningRate);
}

function takeStep(run: Run, batch: Batch, learningRate: number): void {
  const { recipe, preprocessing } = run.request;
  const side = preprocessing.crop;
  const images = tf.tensor4d(batch.images, [batch.labels.length, side, side, 3]);
  const labels = tf.tensor1d(batch.labels, 'int32');
  const next = trainingStep(run.program, {
    state: run.state,
    batch: { images, labels },
    scalars: {
      learningRate,
      momentum: recipe.momentum,
      nesterov: recipe.nesterov,
      weightDecay: recipe.weight_decay,
    },
  });
  tf.dispose([images, labels]);
  disposeTrainingState(run.state, next);
  run.state = next;
  run.position = { ...run.position, step: run.position.step + 1, totalSteps: run.position.totalSteps + 1 };
  run.pace.imagesSince += batch.labels.length;
}

const reportEveryMs = 1000;

/** Reads the loss now and then: each reading waits for the device. Returns whether it still is a number. */
async function report(run: Run, imagesOfEpoch: number): Promise<boolean> {
  const { request, pace, position } = run;
  const elapsedMs = request.now() - pace.reportAt;
  if (elapsedMs < reportEveryMs) return true;
  const [lossSum] = await run.state.meters.data();
  const images = request.set.records.length;
  request.onProgress({
    epoch: position.epoch,
    imagesDone: position.epoch * images + imagesOfEpoch,
    imagesTotal: request.recipe.epochs * images,
    loss: lossSum! / imagesOfEpoch,
    imagesPerSecond: (1000 * pace.imagesSince) / elapsedMs,
  });
  pace.reportAt = request.now();
  pace.imagesSince = 0;
  return Number.isFinite(lossSum);
}

async function snapshotIfDue(run: Run): Promise<void> {
  const { request, pace } = run;
  if (request.now() - pace.snapshotAt < request.snapshotEveryMs) return;
  await request.onSnapshot(run.state, run.position);
  pace.snapshotAt = request.now();
}

async function endEpoch(run: Run, learningRate: number): Promise<TrainResult | undefined> {
  const { set, recipe, onSnapshot } = run.request;
  const [lossSum, right] = await run.state.meters.data();
  if (!Number.isFinite(lossSum)) return diverged(run, learningRate);
  const images = set.records.length;
  const record = { learningRate, loss: lossSum! / images, accuracy: right! / images };
  const { epoch, totalSteps, history } = run.position;
  run.position = { epoch: epoch + 1, step: 0, totalSteps, history: [...history, record] };
  run.state.meters.dispose();
  run.state = { ...run.state, meters: tf.zeros([2]) };
  // After the last epoch the result itself is about to stand.
  if (epoch + 1 < recipe.epochs) {
    await onSnapshot(run.state, run.position);
    run.pace.snapshotAt = run.request.now();
  }
  return undefined;
}

function diverged(run: Run, learningRate: number): TrainResult {
  return { kind: 'diverged', epoch: run.position.epoch, learningRate };
}
