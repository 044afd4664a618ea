import { setImmediate as nextTurn } from 'node:timers/promises';
import { epochOrder, loadBatches, type Batch } from '../data/loader.ts';
import { startPrograms } from '../tensors/index.ts';
import { finalNames, finalState } from './final-state.ts';
import { partsOf } from './parts-of-recipe.ts';
import type { Position } from './position.ts';
import { trainingPrograms } from './programs.ts';
import { augmentOf } from './recipe.ts';
import { learningRateAt } from './schedule.ts';
import { startState } from './start-state.ts';
import { changingNames, stateNames } from './state-names.ts';
import { takeBatch, type Training } from './take-batch.ts';
import type { EpochRange, TrainRequest, TrainResult } from './train-request.ts';

/**
 * Trains a network through its recipe's epochs, or those asked for, from their beginning or from a snapshot. The result is
 * the same in both cases, bit by bit on one device class. Aborted, it makes a snapshot and throws the signal's reason.
 */
export async function train(request: TrainRequest): Promise<TrainResult> {
  const { network, recipe, resume, now, epochs = { from: 0, to: request.recipe.epochs } } = request;
  const parts = partsOf(network, recipe);
  const state = startState(parts, request);
  const programs = startPrograms(trainingPrograms(parts), state, {
    steps: recipe.epochs * Math.ceil(request.set.records.length / recipe.batch),
  });
  for (const [name, value] of resume?.values ?? []) programs.write(name, value);
  const run: Run = {
    request,
    epochs,
    training: { programs, parts, recipe, side: request.preprocessing.crop },
    changing: changingNames([...state.keys()]),
    position: resume?.position ?? { epoch: epochs.from, batch: 0, totalSteps: 0, history: [] },
    pace: { snapshotAt: now(), reportAt: now(), imagesSince: 0 },
  };
  try {
    while (run.position.epoch < epochs.to) {
      const failure = await trainEpoch(run);
      if (failure !== undefined) return failure;
    }
    const averages = recipe.ema !== null;
    const values = await programs.read(finalNames(network, { averages }));
    return {
      kind: 'trained',
      state: finalState(parts, { values, averages }),
      history: run.position.history,
    };
  } finally {
    programs.dispose();
  }
}

/** Training under way. Owns the programs. */
interface Run {
  readonly request: TrainRequest;
  readonly epochs: EpochRange;
  readonly training: Training;
  /** Names of the state that a snapshot has to hold. */
  readonly changing: readonly string[];
  position: Position;
  readonly pace: { snapshotAt: number; reportAt: number; imagesSince: number };
}

/** What an epoch's batches have in common. */
interface Epoch {
  readonly images: number;
  readonly learningRate: number;
}

async function trainEpoch(run: Run): Promise<TrainResult | undefined> {
  const { set, preprocessing, recipe, seed, signal } = run.request;
  const { epoch, batch: done } = run.position;
  const order = epochOrder({ images: set.records.length, seed, epoch, repeats: recipe.repeats });
  const now: Epoch = { images: order.length, learningRate: learningRateAt(recipe, epoch) };
  const batches = loadBatches({
    set,
    order: order.subarray(done * recipe.batch),
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
      await snapshot(run);
      signal.throwIfAborted();
    }
    trainOn(run, batch, now);
    if (!(await report(run, now))) return diverged(run, now);
    await snapshotIfDue(run);
  }
  return endEpoch(run, now);
}

function trainOn(run: Run, batch: Batch, { images, learningRate }: Epoch): void {
  const { recipe, seed } = run.request;
  const { epoch, batch: index, totalSteps } = run.position;
  const step = Math.floor(index / recipe.accumulate);
  const imagesAStep = recipe.batch * recipe.accumulate;
  const left = images - step * imagesAStep;
  const endsStep = (index + 1) % recipe.accumulate === 0 || (index + 1) * recipe.batch >= images;
  takeBatch(run.training, batch, {
    seed,
    epoch,
    batch: index,
    step,
    firstEpoch: run.epochs.from,
    learningRate,
    totalSteps,
    imagesOfStep: Math.min(left, imagesAStep),
    endsStep,
  });
  run.position = { ...run.position, batch: index + 1, totalSteps: totalSteps + (endsStep ? 1 : 0) };
  run.pace.imagesSince += batch.labels.length;
}

const reportEveryMs = 1000;

/** Reads the loss now and then: each reading waits for the device. Returns whether it still is a number. */
async function report(run: Run, { images }: Epoch): Promise<boolean> {
  const { request, pace, position, epochs } = run;
  const elapsedMs = request.now() - pace.reportAt;
  if (elapsedMs < reportEveryMs) return true;
  const [lossSum] = await meters(run);
  const imagesOfEpoch = Math.min(position.batch * request.recipe.batch, images);
  request.onProgress({
    epoch: position.epoch,
    imagesDone: (position.epoch - epochs.from) * images + imagesOfEpoch,
    imagesTotal: (epochs.to - epochs.from) * images,
    loss: lossSum / imagesOfEpoch,
    imagesPerSecond: (1000 * pace.imagesSince) / elapsedMs,
  });
  pace.reportAt = request.now();
  pace.imagesSince = 0;
  return Number.isFinite(lossSum);
}

/** The sum of losses over the epoch so far, and how many images were right. */
async function meters({ training }: Run): Promise<readonly [number, number]> {
  const read = await training.programs.read([stateNames.meters]);
  const [lossSum, right] = read.get(stateNames.meters)!;
  return [lossSum!, right!];
}

async function snapshotIfDue(run: Run): Promise<void> {
  if (run.request.now() - run.pace.snapshotAt >= run.request.snapshotEveryMs) await snapshot(run);
}

async function snapshot({ request, training, changing, position, pace }: Run): Promise<void> {
  await request.onSnapshot({ values: await training.programs.read(changing), position });
  pace.snapshotAt = request.now();
}

async function endEpoch(run: Run, now: Epoch): Promise<TrainResult | undefined> {
  const [lossSum, right] = await meters(run);
  if (!Number.isFinite(lossSum)) return diverged(run, now);
  const { images, learningRate } = now;
  const record = { learningRate, loss: lossSum / images, accuracy: right / images };
  const { epoch, totalSteps, history } = run.position;
  run.position = { epoch: epoch + 1, batch: 0, totalSteps, history: [...history, record] };
  run.training.programs.write(stateNames.meters, new Float32Array(2));
  // After the last epoch the result itself is about to stand.
  if (epoch + 1 < run.epochs.to) await snapshot(run);
  return undefined;
}

function diverged({ position }: Run, { learningRate }: Epoch): TrainResult {
  return { kind: 'diverged', epoch: position.epoch, learningRate };
}
