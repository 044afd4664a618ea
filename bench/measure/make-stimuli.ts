import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { openShapes } from '../../vision/data/shapes/shapes-set.ts';
import { categories } from '../../vision/ood/categories.ts';
import { oodSets, type OodSet } from '../../vision/ood/sets.ts';
import { randomFrom } from '../../vision/random/random.ts';

const side = 224;
const grain = 10;

/**
 * The 17 sets in their published layout, `images` each: drawings with the grain of a film as PNG of 224 x 224 pixels, which
 * decode like photographs (about 100 KB each).
 */
export async function makeStimuli(dir: string, images: number): Promise<void> {
  const drawings = openShapes({ split: 'masks', size: side, count: images, seed: 0 });
  for (const [number, set] of oodSets.entries()) {
    for (let index = 0; index < images; index += 1) {
      const { data } = await drawings.image(index);
      const random = randomFrom(number, index);
      const grainy = data.map((value) =>
        Math.max(0, Math.min(255, value + grain * (random.uniform() + random.uniform() - 1))),
      );
      const file = join(dir, set.name, nameOf(set, index));
      await mkdir(dirname(file), { recursive: true });
      await sharp(grainy, { raw: { width: side, height: side, channels: 3 } })
        .png()
        .toFile(file);
    }
  }
}

function nameOf({ layout, conditions }: OodSet, index: number): string {
  const category = categories[index % categories.length]!;
  const texture = categories[(index + 1) % categories.length]!;
  if (layout === 'folder') return `${category}/${category}${index}-${texture}1.png`;
  const condition = conditions[index % Math.max(1, conditions.length)] ?? '0';
  return `dnn/session-1/${String(index).padStart(4, '0')}_set_dnn_${condition}_${category}_00_x.png`;
}
