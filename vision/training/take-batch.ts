import type { Batch } from '../data/loader.ts';
import { tf, type NamedTensors, type RunningPrograms } from '../tensors/index.ts';
import { mixOfBatch, pieceInputs, piecesOf, type BatchKey } from './batch-inputs.ts';
import { keptAtUpdate, type EmaMoment } from './ema.ts';
import type { TrainingParts } from './parts.ts';
import type { Recipe } from './recipe.ts';
import { takesPieces } from './start-state.ts';
import { inputNames } from './state-names.ts';

/** Programs of a training, and what they are run for. */
export interface Training {
  readonly programs: RunningPrograms;
  readonly parts: TrainingParts;
  readonly recipe: Recipe;
  /** Pixels of an image's side. */
  readonly side: number;
}

export interface BatchMoment extends BatchKey, EmaMoment {
  readonly learningRate: number;
  /** Steps since the beginning, without the one that this batch is part of. */
  readonly totalSteps: number;
  /** Images of all batches of the step. */
  readonly imagesOfStep: number;
  /** Whether the batch is the step's last. */
  readonly endsStep: boolean;
}

/** Trains on one batch: a step, or a part of one. */
export function takeBatch(
  { programs, parts, recipe, side }: Training,
  batch: Batch,
  moment: BatchMoment,
): void {
  const inPieces = takesPieces(recipe);
  const mix = mixOfBatch(recipe, side, moment);
  const images = batch.labels.length;
  for (const piece of piecesOf(images, recipe.micro_batch ?? images)) {
    const inputs = pieceInputs({ network: parts.network, batch, piece, side, mix, key: moment });
    if (inPieces) {
      inputs.set(inputNames.weight, tf.scalar((piece.end - piece.start) / moment.imagesOfStep));
      run(programs, 'accumulate', inputs);
    } else run(programs, 'step', new Map([...inputs, ...scalarsOf(parts, moment)]));
  }
  if (!moment.endsStep) return;
  if (inPieces) run(programs, 'update', scalarsOf(parts, moment));
  updateAverages(programs, recipe, moment);
}

function scalarsOf(
  { optimiser, settings }: TrainingParts,
  { learningRate, totalSteps }: BatchMoment,
): Map<string, tf.Tensor> {
  const scalars = optimiser.scalars(settings, { learningRate, step: totalSteps + 1 });
  return new Map(
    Object.entries(scalars).map(([name, value]) => [inputNames.scalar(name), tf.scalar(value)] as const),
  );
}

function updateAverages(programs: RunningPrograms, recipe: Recipe, moment: BatchMoment): void {
  const { ema, epochs, batch, accumulate, warmup } = recipe;
  if (ema === null) return;
  const pace = { epochs, imagesAStep: batch * accumulate, warmUpEpochs: warmup.epochs };
  const kept = keptAtUpdate(ema, pace, moment);
  if (kept !== undefined) run(programs, 'average', new Map([[inputNames.kept, tf.scalar(kept)]]));
}

/** Runs a program on inputs that serve it alone. */
function run(programs: RunningPrograms, name: string, inputs: NamedTensors): void {
  const outputs = programs.step(name, inputs);
  tf.dispose([...outputs.values(), ...inputs.values()]);
}
