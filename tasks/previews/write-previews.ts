import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Raster } from '../../vision/data/image-set.ts';
import type { Heatmap } from '../../vision/localisation/heatmap.ts';
import { overlay, toPng } from './draw-preview.ts';
import type { PreviewItem, PreviewsFile } from './previews-file.ts';

export interface Preview {
  readonly id: string;
  readonly label: string;
  readonly target: string;
  /** The image as the network sees it. */
  readonly image: Raster;
  readonly heatmap: Heatmap;
}

/** Draws each preview into `dir` and lists them in `previews.json`. */
export async function writePreviews(dir: string, about: About, previews: readonly Preview[]): Promise<void> {
  await writePictures(
    dir,
    about,
    previews.map(({ heatmap, ...preview }) => ({ ...preview, overlay: overlay(preview.image, heatmap) })),
  );
}

type About = Omit<PreviewsFile, 'format' | 'items'>;

/** An image, and the same with something drawn over it. */
export interface Picture extends Omit<Preview, 'heatmap'> {
  readonly overlay: Raster;
}

/** Writes pictures that are drawn already, and lists them in `previews.json`. */
export async function writePictures(dir: string, about: About, pictures: readonly Picture[]): Promise<void> {
  const items: PreviewItem[] = [];
  for (const [place, { id, label, target, image, overlay: drawn }] of pictures.entries()) {
    const number = String(place).padStart(3, '0');
    const names = { image: `image-${number}.png`, overlay: `overlay-${number}.png` };
    await writeFile(join(dir, names.image), await toPng(image));
    await writeFile(join(dir, names.overlay), await toPng(drawn));
    items.push({ id, label, target, ...names });
  }
  const file: PreviewsFile = { format: 1, ...about, items };
  await writeFile(join(dir, 'previews.json'), `${JSON.stringify(file, null, 1)}\n`);
}
