import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { Attribution, AttributionMethod } from '../../vision/attribution/method.ts';
import { attributionMethodNamed } from '../../vision/attribution/methods.ts';
import { networkGradients } from '../../vision/attribution/network-gradients.ts';
import type { Targets } from '../../vision/attribution/differentiable.ts';
import { chosenClasses, highestClass } from '../../vision/attribution/logits.ts';
import { loadBatches } from '../../vision/data/loader.ts';
import type { Batch } from '../../vision/data/loader.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { preprocessMask, resizeAndCrop } from '../../vision/data/preprocess.ts';
import { chooseImages } from '../data/choose-images.ts';
import { openImageSet } from '../data/open.ts';
import { summarise } from '../heatmaps/convergence.ts';
import { writeHeatmapsFile } from '../heatmaps/heatmaps-file.ts';
import { openHeatmapWriter } from '../heatmaps/write-heatmaps.ts';
import type { HeatmapPrecision } from '../heatmaps/write-heatmaps.ts';
import { keepModel } from '../model/keep-model.ts';
import { modelFacts } from '../model/model-facts.ts';
import { forAnyImage } from '../model/input-geometry.ts';
import type { LoadedModel } from '../model/load-model.ts';
import { sourcesOf } from './sources.ts';
import { writePreviews } from '../previews/write-previews.ts';
import type { Preview } from '../previews/write-previews.ts';
import { imageNamed } from './image-named.ts';
import { givenTargets } from './targets.ts';

interface Options {
  readonly method: string;
  readonly images?: number;
  readonly target: string;
  readonly previews: number;
  readonly precision: HeatmapPrecision;
  readonly memory_gib: number;
  readonly [methodOption: string]: unknown;
}

/** Decoded together and handed to the method at once; the memory budget splits them further. */
const batchSize = 32;

/** Explains each chosen image and writes the maps, what they explain, and a few pictures. */
export async function runAttribute(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const method = attributionMethodNamed(options.method)!;
  const input = context.artifact('model');
  using model = await keepModel(input);
  const set = await openImageSet(context.data('data'), context.device.threads);
  const order = chooseImages(set.records.length, options.images);

  const side = model.stored.preprocessing.crop;
  const shape = { images: order.length, channels: method.channels, height: side, width: side };
  const places = new Set(chooseImages(order.length, options.previews));
  const found: Explained = { predicted: [], targets: [], deltas: [], previews: [] };
  await using writer = await openHeatmapWriter(context.output('heatmaps'), shape, options.precision);
  for await (const part of explainAll({ context, options, method, model, set, order })) {
    await writer.append(part.attribution.maps);
    await collect(found, part, { model, set, places });
    context.progress({ done: found.targets.length, of: order.length, unit: 'images' });
  }

  const about = { method: method.name, ...modelFacts(model.stored) };
  const convergence = summarise(found.deltas);
  if (convergence !== undefined) context.log.info('what the maps miss of their logits', { ...convergence });
  await writeHeatmapsFile(context.output('heatmaps'), {
    format: 1,
    ...about,
    items: Array.from(order, (index) => set.records[index]!.id),
    predicted: found.predicted,
    targets: found.targets,
    ...(convergence === undefined ? {} : { convergence, convergenceDelta: found.deltas }),
    preprocessing: forAnyImage(model.stored.preprocessing),
  });
  const drawn = { ...about, ...(convergence === undefined ? {} : { convergence }) };
  await writePreviews(context.output('previews'), drawn, found.previews);
  for (const output of ['heatmaps', 'previews']) {
    context.stateFacts(output, about);
  }
}

interface Explaining {
  readonly context: TaskContext;
  readonly options: Options;
  readonly method: AttributionMethod;
  readonly model: LoadedModel;
  readonly set: ImageSet;
  readonly order: Int32Array;
}

interface Part {
  readonly batch: Batch;
  readonly predicted: Int32Array;
  readonly targets: Int32Array;
  readonly attribution: Attribution;
}

interface Explained {
  readonly predicted: number[];
  readonly targets: number[];
  readonly deltas: number[];
  readonly previews: Preview[];
}

async function* explainAll({
  context,
  options,
  method,
  model,
  set,
  order,
}: Explaining): AsyncGenerator<Part> {
  const { classes } = model.stored;
  const preprocessing = forAnyImage(model.stored.preprocessing);
  using network = networkGradients({
    network: model.network,
    state: model.state,
    ...sourcesOf(model.entry),
    memoryBytes: options.memory_gib * 2 ** 30,
    calls: Math.ceil(order.length / batchSize) * Number(options['samples'] ?? 1),
  });
  const { signal } = context;
  const otherImage = imageNamed(context.data('data'), set, preprocessing);
  for await (const batch of loadBatches({
    set,
    order,
    batchSize,
    preprocessing,
    seed: 0,
    epoch: 0,
    signal,
  })) {
    const count = batch.indices.length;
    const images = { count, height: preprocessing.crop, width: preprocessing.crop, data: batch.images };
    const wanted: Targets = givenTargets({ target: options.target, classes, set, indices: batch.indices });
    const attribution = await method.explain({
      ...{ network, images, targets: wanted, options },
      ...{ keys: batch.indices, imageNamed: otherImage },
    });
    const { logits } = attribution;
    yield { batch, predicted: highestClass(logits), targets: chosenClasses(wanted, logits), attribution };
  }
}

interface Collecting {
  readonly model: LoadedModel;
  readonly set: ImageSet;
  /** Which of the images, by their place in the order, are drawn. */
  readonly places: ReadonlySet<number>;
}

async function collect(
  found: Explained,
  { batch, predicted, targets, attribution }: Part,
  { model, set, places }: Collecting,
): Promise<void> {
  const { classes } = model.stored;
  const preprocessing = forAnyImage(model.stored.preprocessing);
  const { channels, maps } = attribution;
  const size = channels * preprocessing.crop ** 2;
  const before = found.targets.length;
  for (let place = 0; place < targets.length; place++) {
    if (!places.has(before + place)) continue;
    const index = batch.indices[place]!;
    const { id, label } = set.records[index]!;
    const mask = await set.mask?.(index);
    const takenFor = classes[predicted[place]!]!;
    found.previews.push({
      id,
      label: set.classes[label] ?? takenFor,
      target: classes[targets[place]!]!,
      predicted: takenFor,
      image: resizeAndCrop(await set.image(index), preprocessing),
      ...(mask === undefined ? {} : { mask: preprocessMask(mask, preprocessing) }),
      heatmap: {
        channels,
        height: preprocessing.crop,
        width: preprocessing.crop,
        data: maps.slice(place * size, (place + 1) * size),
      },
    });
  }
  found.predicted.push(...predicted);
  found.targets.push(...targets);
  found.deltas.push(...(attribution.convergenceDelta ?? []));
}
