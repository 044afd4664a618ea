import { TaskError, type TaskContext } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { withPreprocessing, type PreprocessingOption } from '../model/preprocessing-option.ts';
import { readStoredModel, type StoredModel } from '../model/stored-model.ts';
import { freshModel } from './fresh-model.ts';
import { rewound } from './rewound.ts';

export interface StartOptions {
  /** Absent where a checkpoint was given. */
  readonly model?: string;
  readonly seed: number;
  readonly preprocessing: PreprocessingOption;
}

/** What training begins with: the checkpoint that was given, rewound if so asked, or the named model with fresh weights. */
export async function startingModel(
  context: TaskContext,
  options: StartOptions,
  set: ImageSet,
): Promise<StoredModel> {
  const start = await givenModel(context, options, set);
  if (set.classes.length === 0)
    throw new TaskError('task', `the images of ${set.name} have no classes to learn`);
  if (start.classes.join('\n') !== set.classes.join('\n'))
    throw new TaskError(
      'task',
      `the checkpoint tells ${start.classes.length} classes apart (${start.classes.slice(0, 3).join(', ')}, …), the data has ${set.classes.length} (${set.classes.slice(0, 3).join(', ')}, …)`,
    );
  return { ...start, preprocessing: withPreprocessing(start.preprocessing, options.preprocessing) };
}

async function givenModel(context: TaskContext, options: StartOptions, set: ImageSet): Promise<StoredModel> {
  const checkpoint = context.optionalArtifact('model');
  if (checkpoint === undefined)
    return freshModel(options.model ?? '', { classes: set.classes, seed: options.seed });
  const earlier = context.optionalArtifact('rewind_to');
  const model = await readStoredModel(checkpoint.dir);
  return earlier === undefined ? model : rewound(model, await readStoredModel(earlier.dir));
}
