import { TaskError } from '../../engine/contract/task-context.ts';
import type { TaskContext } from '../../engine/contract/task-context.ts';
import { shorterSide } from '../../vision/data/geometry.ts';
import type { Size } from '../../vision/data/geometry.ts';
import { resize } from '../../vision/data/resize.ts';
import { mapFeatures } from '../../vision/discovery/lost-features.ts';
import type { LostView } from '../../vision/discovery/lost-features.ts';
import { padToPatches } from '../../vision/discovery/padded-image.ts';
import { writeBoxesFile } from '../boxes/boxes-file.ts';
import type { FoundBox } from '../boxes/boxes-file.ts';
import { chooseImages } from '../data/choose-images.ts';
import { openImageSet } from '../data/open.ts';
import { keepModel } from '../model/keep-model.ts';
import type { LoadedModel } from '../model/load-model.ts';
import { modelFacts } from '../model/model-facts.ts';
import { sameSizeBatches } from './batches.ts';
import type { Padded } from './batches.ts';
import { boxOf } from './box-of.ts';
import type { SeenSizes } from './box-of.ts';
import { methodOf, objection, sourceOf } from './options.ts';
import type { LostOptions } from './options.ts';
import { readAhead } from './read-ahead.ts';

/** An image on its way: what it was, and what the network sees of it. */
interface Seen extends Padded, SeenSizes {
  readonly index: number;
}

/** Runs LOST on each chosen image, at its own size unless told otherwise; images of one padded size go together. */
export async function runLost(context: TaskContext): Promise<void> {
  const options = context.options as unknown as LostOptions;
  const { dilation, images, k } = options;
  const input = context.artifact('model');
  using model = await keepModel(input, dilation === 1 ? {} : { dilation });
  const { entry, stored } = model;
  const view = viewOf(model, options);
  const patch = entry.lost.patch / dilation;
  const set = await openImageSet(context.data('data'));
  const order = chooseImages(set.records.length, images);
  const { preprocessing } = stored;
  const see = async (index: number): Promise<Seen> => {
    const image = await set.image(index);
    const { interpolation } = preprocessing;
    const seen =
      options.resize === undefined
        ? image
        : resize(image, { ...shorterSide(image, options.resize), interpolation });
    return {
      index,
      original: sizeOf(image),
      seen: sizeOf(seen),
      padded: padToPatches(seen, preprocessing, patch),
    };
  };

  const found = new Map<number, FoundBox>();
  for await (const batch of sameSizeBatches(readAhead(order, see))) {
    context.signal.throwIfAborted();
    const features = await mapFeatures(
      batch.map(({ padded }) => padded),
      view,
    );
    batch.forEach((image, place) => {
      const box = boxOf(image, features[place]!, k);
      found.set(image.index, { id: set.records[image.index]!.id, ...box });
    });
    context.progress({ done: found.size, of: order.length, unit: 'images' });
  }
  const items = Array.from(order, (index) => found.get(index)!);
  warnOfEmpty(context, items);
  const facts = { ...modelFacts(stored), method: methodOf(options) };
  await writeBoxesFile(context.output('boxes'), { format: 1, ...facts, items });
  context.stateFacts('boxes', facts);
}

/** A plan refuses what a model cannot do where it knows the model. */
function viewOf({ entry, network, state }: LoadedModel, options: LostOptions): LostView {
  const source = sourceOf(entry.lost, options);
  const objected = objection(entry.name, options);
  if (source === undefined || objected !== undefined)
    throw new TaskError('task', objected?.message ?? `${entry.name} has no such features`);
  return { ...source, network, state };
}

function sizeOf({ width, height }: Size): Size {
  return { width, height };
}

function warnOfEmpty(context: TaskContext, items: readonly FoundBox[]): void {
  const empty = items.filter(({ box }) => box === null).length;
  if (empty > 0)
    context.log.warn(`${empty} of ${items.length} images have a patch without any usable feature: no box`);
}
