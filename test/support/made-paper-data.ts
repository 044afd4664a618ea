import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { openShapes } from '../../vision/data/shapes/shapes-set.ts';
import type { ImageSet } from '../../vision/data/image-set.ts';
import { oodSets } from '../../vision/ood/sets.ts';

/** Folders to give as `--data imagenet=… --data voc=… --data geirhos=…`. */
export interface PaperData {
  readonly imagenet: string;
  readonly voc: string;
  readonly geirhos: string;
}

const size = 256;
const drawings = 16;

/**
 * Drawn images in the layouts of the data that the paper used: 1,000 class folders of ImageNet's training images with one
 * each, its validation images in one folder with Kaggle's solution, VOC with masks, and the 17 sets. About 40 MB.
 */
export async function makePaperData(dir: string): Promise<PaperData> {
  const data = {
    imagenet: join(dir, 'imagenet'),
    voc: join(dir, 'VOCdevkit'),
    geirhos: join(dir, 'geirhos'),
  };
  const set = openShapes({ split: 'masks', size, count: drawings, seed: 0 });
  const drawn = await drawAll(set, join(dir, 'drawn'));
  await makeImageNet(data.imagenet, drawn);
  await makeVoc(data.voc, set, drawn);
  await makeGeirhos(data.geirhos, set, drawn);
  return data;
}

/** The drawings as files, in the order of the set. */
async function drawAll(set: ImageSet, dir: string): Promise<readonly string[]> {
  await mkdir(dir, { recursive: true });
  return Promise.all(
    set.records.map(async (_, index) => {
      const { width, height, data } = await set.image(index);
      const file = join(dir, `${index}.jpg`);
      await sharp(data, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toFile(file);
      return file;
    }),
  );
}

async function makeImageNet(root: string, drawn: readonly string[]): Promise<void> {
  const solution = ['ImageId,PredictionString'];
  for (let index = 0; index < 1000; index += 1) {
    const synset = `n${String(index + 1).padStart(8, '0')}`;
    const image = `ILSVRC2012_val_${String(index + 1).padStart(8, '0')}`;
    const drawing = drawn[index % drawn.length]!;
    await place(drawing, join(root, `train/${synset}/${synset}_1.JPEG`));
    await place(drawing, join(root, `val/${image}.JPEG`));
    solution.push(`${image},${synset} 1 1 ${size} ${size} `);
  }
  await writeFile(join(root, 'LOC_val_solution.csv'), solution.join('\n'));
}

async function makeVoc(root: string, set: ImageSet, drawn: readonly string[]): Promise<void> {
  const base = join(root, 'VOC2012');
  const ids = drawn.map((_, index) => `2012_${String(index).padStart(6, '0')}`);
  for (const [index, id] of ids.entries()) {
    await place(drawn[index]!, join(base, `JPEGImages/${id}.jpg`));
    await write(join(base, `Annotations/${id}.xml`), annotation(set, index));
    await write(join(base, `SegmentationClass/${id}.png`), await palettePng(set, index));
  }
  for (const list of ['Segmentation/val', 'Main/trainval'])
    await write(join(base, `ImageSets/${list}.txt`), ids.join('\n'));
}

function annotation(set: ImageSet, index: number): string {
  const objects = (set.records[index]!.boxes ?? []).map(
    ({ x0, y0, x1, y1 }) =>
      `<object><name>cat</name><bndbox><xmin>${x0 + 1}</xmin><ymin>${y0 + 1}</ymin><xmax>${x1}</xmax><ymax>${y1}</ymax></bndbox></object>`,
  );
  return `<annotation>${objects.join('')}</annotation>`;
}

async function palettePng(set: ImageSet, index: number): Promise<Uint8Array> {
  const { width, height, data } = (await set.mask!(index))!;
  const palette = Array.from({ length: 256 }, (_, at): [number, number, number] => [at, at, at]);
  return encode({
    width,
    height,
    data: data.map((value) => (value > 0 ? 8 : value)),
    channels: 1,
    palette,
  });
}

async function makeGeirhos(root: string, set: ImageSet, drawn: readonly string[]): Promise<void> {
  for (const { name, layout, conditions } of oodSets)
    for (const [index, drawing] of drawn.entries()) {
      const category = set.classes[set.records[index]!.label]!;
      const condition = conditions[index % Math.max(1, conditions.length)] ?? '0';
      const file =
        layout === 'folder'
          ? `${category}/${category}1-${set.classes[(index + 1) % set.classes.length]!}2.jpg`
          : `dnn/session-1/${String(index).padStart(4, '0')}_set_dnn_${condition}_${category}_00_x.jpg`;
      await place(drawing, join(root, name, file));
    }
}

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
