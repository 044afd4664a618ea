import type { TaskContext } from '../../engine/contract/task-context.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { readBoxesFile } from '../boxes/boxes-file.ts';
import type { BoxesFile } from '../boxes/boxes-file.ts';
import { chooseImages } from '../data/choose-images.ts';
import { openImageSet } from '../data/open.ts';
import { recordIndices } from '../data/record-indices.ts';
import { pickModelFacts } from '../model/model-facts.ts';
import { drawBoxes, previewSize } from '../previews/draw-boxes.ts';
import { writePictures } from '../previews/write-previews.ts';
import type { Picture } from '../previews/write-previews.ts';
import { fraction, writeScoresFile } from '../scores/write-scores.ts';
import { judge } from './judge.ts';
import type { Judgement, JudgeOptions } from './judge.ts';
import { corlocNotes } from './notes.ts';

interface Options extends JudgeOptions {
  readonly previews: number;
}

/** Matches each found box with the image's objects, and draws a few. */
export async function runCorloc(context: TaskContext): Promise<void> {
  const options = context.options as unknown as Options;
  const { threshold, hard } = options;
  const input = context.artifact('boxes');
  const file = await readBoxesFile(input.dir);
  const { items, method } = file;
  const set = await openImageSet(context.data('data'));
  const indices = recordIndices(
    set,
    items.map(({ id }) => id),
  );
  const judgements = items.map((found, i) => judge(found, set.records[indices[i]!]!.boxes ?? [], options));
  await writeScoresFile(context.output('scores'), {
    format: 1,
    measure: 'corloc',
    about: { ...pickModelFacts(file), method, threshold, hard },
    items: items.map(({ id }) => id),
    metrics: {
      corloc: fraction(judgements.map(({ match }) => (match === undefined ? null : Number(match.isHit)))),
      iou: fraction(judgements.map(({ match }) => match?.iou ?? null)),
    },
    notes: corlocNotes(judgements),
  });
  await drawSome(context, { file, set, indices, judgements, wanted: options.previews });
  for (const output of ['scores', 'previews']) context.stateFacts(output, { ...input.facts });
}

interface Drawing {
  readonly file: BoxesFile;
  readonly set: ImageSet;
  readonly indices: readonly number[];
  readonly judgements: readonly Judgement[];
  readonly wanted: number;
}

async function drawSome(context: TaskContext, drawing: Drawing): Promise<void> {
  const { file, set, indices, judgements, wanted } = drawing;
  const pictures: Picture[] = [];
  for (const place of chooseImages(indices.length, wanted)) {
    context.signal.throwIfAborted();
    const image = await set.image(indices[place]!);
    const { id, label: number } = set.records[indices[place]!]!;
    const { truth } = judgements[place]!;
    const label = set.classes[number] ?? ([...judgements[place]!.hits.keys()].join(', ') || 'image');
    const found = file.items[place]!.box ?? undefined;
    const overlay = drawBoxes(image, { found, truth });
    pictures.push({ id, label, target: label, image: previewSize(image), overlay });
  }
  await writePictures(context.output('previews'), { method: file.method, model: file.model }, pictures);
}
