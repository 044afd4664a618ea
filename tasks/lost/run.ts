import { TaskError } from '../../engine/contract/task-context.ts';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { Raster } from '../../vision/data/image-set.ts';
import { localiseObject } from '../../vision/discovery/lost.ts';
import { lostFeatures } from '../../vision/discovery/lost-features.ts';
import type { LostView } from '../../vision/discovery/lost-features.ts';
import { toPixels } from '../../vision/discovery/pixel-box.ts';
import { writeBoxesFile } from '../boxes/boxes-file.ts';
import type { FoundBox } from '../boxes/boxes-file.ts';
import { chooseImages } from '../data/choose-images.ts';
import { openImageSet } from '../data/open.ts';
import { loadModel } from '../model/load-model.ts';

interface Options {
  readonly dilation: number;
  readonly k: number;
  readonly images?: number;
}

/** Runs LOST on each chosen image at its own size. */
export async function runLost(context: TaskContext): Promise<void> {
  const { dilation, k, images } = context.options as unknown as Options;
  const input = context.artifact('model');
  using model = await loadModel(input.dir, dilation === 1 ? {} : { dilation });
  const { name } = model.stored.description;
  const view: LostView = {
    network: model.network,
    state: model.state,
    stage: model.entry.lost.stage,
    patch: model.entry.lost.patch / dilation,
    preprocessing: model.stored.preprocessing,
  };
  const set = await openImageSet(context.data('data'));
  const order = chooseImages(set.records.length, images);

  const items: FoundBox[] = [];
  for (const index of order) {
    context.signal.throwIfAborted();
    const image = await set.image(index);
    items.push({ id: set.records[index]!.id, ...(await find(image, view, k)) });
    context.progress({ done: items.length, of: order.length, unit: 'images' });
  }
  const empty = items.filter(({ box }) => box === null).length;
  if (empty > 0)
    context.log.warn(`${empty} of ${items.length} images have a patch without any feature: no box`);
  await writeBoxesFile(context.output('boxes'), { format: 1, model: name, method: 'lost', items });
  context.stateFacts('boxes', { ...input.facts, model: name, method: 'lost' });
}

async function find(image: Raster, view: LostView, k: number): Promise<Omit<FoundBox, 'id'>> {
  const { rows, columns, scaleX, scaleY, features } = await lostFeatures(image, view);
  if (scaleX !== view.patch || scaleY !== view.patch) {
    throw new TaskError(
      'task',
      `a cell of ${view.stage} spans ${scaleX} pixels, not ${view.patch}: this model takes no such dilation`,
    );
  }
  const size = { imageWidth: image.width, imageHeight: image.height };
  const result = localiseObject({ features, rows, columns, k });
  switch (result.kind) {
    case 'found':
      return { box: toPixels(result.box, { scaleX, scaleY, ...size }), ...size };
    case 'zero-feature':
      return { box: null, reason: 'zero-feature', ...size };
  }
}
