import type { JsonObject } from '../../cache/json.ts';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { modelNamed } from '../../vision/models/registry.ts';
import { completed, type WrittenRecipe } from '../../vision/training/recipe-defaults.ts';
import { recipeNamed } from '../../vision/training/recipes.ts';
import { withOverrides, type RecipeOverrides } from '../../vision/training/resolve-recipe.ts';
import { readSnapshot, writeSnapshot } from '../../vision/training/snapshot.ts';
import type { EpochRange, TrainProgress, TrainResult } from '../../vision/training/train-request.ts';
import { train } from '../../vision/training/train.ts';
import { openImageSet } from '../data/open.ts';
import { letModelGo } from '../model/keep-model.ts';
import { modelFacts } from '../model/model-facts.ts';
import { writeStoredModel, type StoredModel } from '../model/stored-model.ts';
import { chosenImages } from './chosen-images.ts';
import { epochsOf, type EpochOptions } from './epochs.ts';
import { startingModel, type StartOptions } from './starting-model.ts';
import { trainingScores } from './training-scores.ts';

interface Options extends StartOptions, EpochOptions {
  readonly recipe: RecipeOverrides;
  readonly images?: number;
}

const snapshotEveryMs = 10 * 60 * 1000;

/** Trains, from the newest snapshot of an earlier attempt where there is one, and measures the result. */
export async function runTrain(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  letModelGo();
  const set = chosenImages(await openImageSet(context.data('data'), context.device.threads), options.images);
  const start = await startingModel(context, options, set);
  const recipe = recipeOf(start, options.recipe);
  const epochs = epochRange(options, recipe);
  context.log.info('training', {
    model: start.description.name,
    images: set.records.length,
    recipe: asJson(recipe),
  });

  const result = await trainFrom(context, { start, recipe, epochs, set, seed: options.seed });
  if (result.kind === 'diverged')
    throw new TaskError(
      'task',
      `the loss is no longer a number in epoch ${result.epoch + 1}, at a learning rate of ${result.learningRate}: lower it, or add a warm-up`,
    );

  const before = start.trained['epochs'];
  const trained: StoredModel = {
    ...start,
    state: result.state,
    trained: {
      ...start.trained,
      epochs: (typeof before === 'number' ? before : 0) + epochs.to - epochs.from,
      seed: options.seed,
      recipe: asJson(recipe),
    },
  };
  await writeStoredModel(context.output('model'), trained);
  const facts = { ...modelFacts(trained) };
  await trainingScores(context, {
    trained,
    history: result.history,
    firstEpoch: epochs.from,
    about: facts,
  });
  context.stateFacts('model', facts);
  context.stateFacts('scores', facts);
}

/** The given fields over the recipe that the checkpoint was trained with, or its model's. */
function recipeOf({ trained, description }: StoredModel, given: RecipeOverrides): WrittenRecipe {
  const base = (trained['recipe'] as WrittenRecipe | undefined) ?? recipeNamed(description.recipe);
  if (base === undefined) throw new Error(`no recipe '${description.recipe}'`);
  return withOverrides(base, given);
}

function epochRange(options: EpochOptions, recipe: WrittenRecipe): EpochRange {
  const epochs = epochsOf(options, recipe.epochs);
  if (epochs.kind === 'invalid') throw new TaskError('task', `'${epochs.field}': ${epochs.message}`);
  return epochs.range;
}

async function trainFrom(
  context: TaskContext,
  from: { start: StoredModel; recipe: WrittenRecipe; epochs: EpochRange; set: ImageSet; seed: number },
): Promise<TrainResult> {
  const { start, recipe, epochs, set, seed } = from;
  const newest = await context.snapshots.newest();
  const resume = newest === undefined ? undefined : await readSnapshot(newest);
  if (resume !== undefined) context.log.info('going on from a snapshot');
  return train({
    network: modelNamed(start.description.name)!.build(start.config),
    initial: start.state,
    masks: start.masks,
    set,
    preprocessing: start.preprocessing,
    recipe: completed(recipe),
    epochs,
    seed,
    ...(resume === undefined ? {} : { resume }),
    onSnapshot: (snapshot) => context.snapshots.save((dir) => writeSnapshot(dir, snapshot)),
    snapshotEveryMs,
    onProgress: (progress) => context.progress(progressReport(progress, epochs)),
    now: () => performance.now(),
    signal: context.signal,
  });
}

function progressReport(progress: TrainProgress, { to }: EpochRange) {
  const { epoch, imagesDone, imagesTotal, loss, imagesPerSecond } = progress;
  return {
    done: imagesDone,
    of: imagesTotal,
    unit: 'images',
    detail: `epoch ${epoch + 1}/${to}, loss ${loss.toFixed(3)}, ${imagesPerSecond.toFixed(0)} images/s`,
  };
}

function asJson(recipe: WrittenRecipe): JsonObject {
  return recipe as unknown as JsonObject;
}
