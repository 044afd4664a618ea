import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { openShapes } from '../../vision/data/shapes/shapes-set.ts';
import { randomFrom } from '../../vision/random/random.ts';

/** JPEGs that decode like photographs: drawings with the grain of a film, about 100 KB each, in ten class folders. */
export async function makePhotographs(
  dir: string,
  { count, width, height }: { readonly count: number; readonly width: number; readonly height: number },
): Promise<void> {
  const set = openShapes({ split: 'train', size: 256, count, seed: 0 });
  for (let index = 0; index < count; index += 1) {
    const folder = join(dir, `class${index % 10}`);
    await mkdir(folder, { recursive: true });
    const drawing = await set.image(index);
    const pixels = await sharp(drawing.data, { raw: { width: 256, height: 256, channels: 3 } })
      .resize(width, height, { fit: 'cover' })
      .raw()
      .toBuffer();
    const random = randomFrom(index);
    const grainy = pixels.map((value) =>
      Math.max(0, Math.min(255, value + 10 * (random.uniform() + random.uniform() - 1))),
    );
    await sharp(grainy, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 92 })
      .toFile(join(folder, `${index}.jpg`));
  }
}
