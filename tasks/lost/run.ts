import { TaskError } from '../../engine/contract/task-context.ts';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { shorterSide } from '../../vision/data/geometry.ts';
import type { Raster } from '../../vision/data/image-set.ts';
import { resize } from '../../vision/data/resize.ts';
import { localiseObject } from '../../vision/discovery/lost.ts';
import { lostFeatures } from '../../vision/discovery/lost-features.ts';
import type { LostView } from '../../vision/discovery/lost-features.ts';
import { toPixels } from '../../vision/discovery/pixel-box.ts';
import type { LostChoice, ModelEntry, Preprocessing } from '../../vision/models/model-entry.ts';
import { writeBoxesFile } from '../boxes/boxes-file.ts';
import type { FoundBox } from '../boxes/boxes-file.ts';
import { chooseImages } from '../data/choose-images.ts';
import { openImageSet } from '../data/open.ts';
import { keepModel } from '../model/keep-model.ts';
import { modelFacts } from '../model/model-facts.ts';

interface Options {
  readonly dilation: number;
  readonly k: number;
  readonly features: 'default' | LostChoice;
  readonly resize?: number;
  readonly images?: number;
}

/** LOST's view, with how images are resized for it. */
interface TaskView extends LostView {
  readonly preprocessing: Preprocessing;
}

/** Runs LOST on each chosen image, at its own size unless told otherwise. */
export async function runLost(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const { dilation, images } = options;
  const input = context.artifact('model');
  using model = await keepModel(input, dilation === 1 ? {} : { dilation });
  const facts = modelFacts(model.stored);
  const view: TaskView = {
    network: model.network,
    state: model.state,
    ...model.entry.lost,
    stage: stageOf(model.entry, options.features),
    patch: model.entry.lost.patch / dilation,
    preprocessing: model.stored.preprocessing,
  };
  const set = await openImageSet(context.data('data'));
  const order = chooseImages(set.records.length, images);

  const items: FoundBox[] = [];
  for (const index of order) {
    context.signal.throwIfAborted();
    const image = await set.image(index);
    items.push({ id: set.records[index]!.id, ...(await find(image, view, options)) });
    context.progress({ done: items.length, of: order.length, unit: 'images' });
  }
  const empty = items.filter(({ box }) => box === null).length;
  if (empty > 0)
    context.log.warn(`${empty} of ${items.length} images have a patch without any feature: no box`);
  await writeBoxesFile(context.output('boxes'), { format: 1, ...facts, method: 'lost', items });
  context.stateFacts('boxes', { ...facts, method: 'lost' });
}

function stageOf({ name, lost }: ModelEntry, wanted: Options['features']): string {
  const stage = wanted === 'default' ? lost.stage : lost.others?.[wanted];
  if (stage === undefined) throw new TaskError('task', `${name} has no ${wanted} to look at`);
  return stage;
}

async function find(
  image: Raster,
  view: TaskView,
  { k, resize: side }: Options,
): Promise<Omit<FoundBox, 'id'>> {
  const { interpolation } = view.preprocessing;
  const seen = side === undefined ? image : resize(image, { ...shorterSide(image, side), interpolation });
  const { scaleX, scaleY, ...found } = await lostFeatures(seen, view);
  if (scaleX !== view.patch || scaleY !== view.patch) {
    throw new TaskError(
      'task',
      `a cell of ${view.stage} spans ${scaleX} pixels, not ${view.patch}: this model takes no such dilation`,
    );
  }
  const original = { imageWidth: image.width, imageHeight: image.height };
  const result = localiseObject({ ...found, k });
  switch (result.kind) {
    case 'found': {
      const geometry = {
        scaleX: (scaleX * image.width) / seen.width,
        scaleY: (scaleY * image.height) / seen.height,
        ...original,
      };
      return { box: toPixels(result.box, geometry), ...original };
    }
    case 'zero-feature':
      return { box: null, reason: 'zero-feature', ...original };
  }
}
