import type { JsonObject } from '../../cache/json.ts';
import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { modelNamed } from '../../vision/models/registry.ts';
import { completed, type WrittenRecipe } from '../../vision/training/recipe-defaults.ts';
import { recipeNamed } from '../../vision/training/recipes.ts';
import { withOverrides, type RecipeOverrides } from '../../vision/training/resolve-recipe.ts';
import { readSnapshot, writeSnapshot } from '../../vision/training/snapshot.ts';
import type { TrainProgress, TrainResult } from '../../vision/training/train-request.ts';
import { train } from '../../vision/training/train.ts';
import { openImageSet } from '../data/open.ts';
import { withPreprocessing, type PreprocessingOption } from '../model/preprocessing-option.ts';
import { modelFacts } from '../model/model-facts.ts';
import { readStoredModel, writeStoredModel, type StoredModel } from '../model/stored-model.ts';
import { freshModel } from './fresh-model.ts';
import { chosenImages } from './chosen-images.ts';
import { trainingScores } from './training-scores.ts';

interface Options {
  /** Absent where a checkpoint was given. */
  readonly model?: string;
  readonly seed: number;
  readonly recipe: RecipeOverrides;
  readonly images?: number;
  readonly preprocessing: PreprocessingOption;
}

const snapshotEveryMs = 10 * 60 * 1000;

/** Trains, from the newest snapshot of an earlier attempt where there is one, and measures the result. */
export async function runTrain(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const set = chosenImages(await openImageSet(context.data('data'), context.device.threads), options.images);
  const start = await startingModel(context, options, set);
  const recipe = recipeOf(start, options.recipe);
  context.log.info('training', {
    model: start.description.name,
    images: set.records.length,
    recipe: asJson(recipe),
  });

  const result = await trainFrom(context, { start, recipe, set, seed: options.seed });
  if (result.kind === 'diverged')
    throw new TaskError(
      'task',
      `the loss is no longer a number in epoch ${result.epoch + 1}, at a learning rate of ${result.learningRate}: lower it, or add a warm-up`,
    );

  const epochs = start.trained['epochs'];
  const trained: StoredModel = {
    ...start,
    state: result.state,
    trained: {
      ...start.trained,
      epochs: (typeof epochs === 'number' ? epochs : 0) + recipe.epochs,
      seed: options.seed,
      recipe: asJson(recipe),
    },
  };
  await writeStoredModel(context.output('model'), trained);
  const facts = { ...modelFacts(trained) };
  await trainingScores(context, { trained, history: result.history, about: facts });
  context.stateFacts('model', facts);
  context.stateFacts('scores', facts);
}

/** The checkpoint that was given, or the named model with fresh weights for the data's classes. */
async function startingModel(context: TaskContext, options: Options, set: ImageSet): Promise<StoredModel> {
  const checkpoint = context.optionalArtifact('model');
  const start =
    checkpoint === undefined
      ? freshModel(options.model ?? '', { classes: set.classes, seed: options.seed })
      : await readStoredModel(checkpoint.dir);
  if (set.classes.length === 0)
    throw new TaskError('task', `the images of ${set.name} have no classes to learn`);
  if (start.classes.join('\n') !== set.classes.join('\n'))
    throw new TaskError(
      'task',
      `the checkpoint tells ${start.classes.length} classes apart (${start.classes.slice(0, 3).join(', ')}, …), the data has ${set.classes.length} (${set.classes.slice(0, 3).join(', ')}, …)`,
    );
  return { ...start, preprocessing: withPreprocessing(start.preprocessing, options.preprocessing) };
}

/** The given fields over the recipe that the checkpoint was trained with, or its model's. */
function recipeOf({ trained, description }: StoredModel, given: RecipeOverrides): WrittenRecipe {
  const base = (trained['recipe'] as WrittenRecipe | undefined) ?? recipeNamed(description.recipe);
  if (base === undefined) throw new Error(`no recipe '${description.recipe}'`);
  return withOverrides(base, given);
}

async function trainFrom(
  context: TaskContext,
  from: { start: StoredModel; recipe: WrittenRecipe; set: ImageSet; seed: number },
): Promise<TrainResult> {
  const { start, recipe, set, seed } = from;
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
    seed,
    ...(resume === undefined ? {} : { resume }),
    onSnapshot: (snapshot) => context.snapshots.save((dir) => writeSnapshot(dir, snapshot)),
    snapshotEveryMs,
    onProgress: (progress) => context.progress(progressReport(progress, recipe)),
    now: () => performance.now(),
    signal: context.signal,
  });
}

function progressReport(progress: TrainProgress, { epochs }: WrittenRecipe) {
  const { epoch, imagesDone, imagesTotal, loss, imagesPerSecond } = progress;
  return {
    done: imagesDone,
    of: imagesTotal,
    unit: 'images',
    detail: `epoch ${epoch + 1}/${epochs}, loss ${loss.toFixed(3)}, ${imagesPerSecond.toFixed(0)} images/s`,
  };
}

function asJson(recipe: WrittenRecipe): JsonObject {
  return recipe as unknown as JsonObject;
}
