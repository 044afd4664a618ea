import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Mask, Raster } from '../../vision/data/image-set.ts';
import type { Heatmap } from '../../vision/localisation/heatmap.ts';
import { maskPng } from './draw-mask.ts';
import { overlay, toPng } from './draw-preview.ts';
import type { PreviewItem, PreviewsFile } from './previews-file.ts';

export interface Preview {
  readonly id: string;
  readonly label: string;
  readonly target: string;
  readonly predicted?: string;
  /** The image as the network sees it. */
  readonly image: Raster;
  /** The object in it, as large as the image. */
  readonly mask?: Mask | undefined;
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
  for (const [place, { image, overlay: drawn, mask, ...said }] of pictures.entries()) {
    const number = String(place).padStart(3, '0');
    const names = {
      image: `image-${number}.png`,
      overlay: `overlay-${number}.png`,
      ...(mask === undefined ? {} : { mask: `mask-${number}.png` }),
    };
    await writeFile(join(dir, names.image), await toPng(image));
    await writeFile(join(dir, names.overlay), await toPng(drawn));
    if (mask !== undefined) await writeFile(join(dir, names.mask!), await maskPng(mask));
    items.push({ ...said, ...names });
  }
  const file: PreviewsFile = { format: 1, ...about, items };
  await writeFile(join(dir, 'previews.json'), `${JSON.stringify(file, null, 1)}\n`);
}
