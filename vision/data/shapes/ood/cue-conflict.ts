import type { Random } from '../../../random/random.ts';
import { categories, type Category } from '../../../ood/categories.ts';
import { between } from '../figure.ts';
import { type Colour, jitter, luma, mean, usualLooks } from '../looks.ts';
import { makeScene, type Scene } from '../scene.ts';

/** The texture that goes with a drawing: never the shape's own; over 240 drawings every pair comes once. */
export function conflictingTexture(index: number): Category {
  const shape = index % categories.length;
  const distance = 1 + (Math.floor(index / categories.length) % (categories.length - 1));
  return categories[(shape + distance) % categories.length]!;
}

/**
 * The shape of one category in the texture and colours of another, which cover the whole picture as a style transfer
 * does (Geirhos et al. 2019): only a step in brightness tells the object from what is behind it.
 */
export function conflictingScene(random: Random, shape: Category, texture: Category): Scene {
  const scene = makeScene(random, { category: shape, second: 0, clear: true, lookOf: texture });
  const [object] = scene.objects as readonly [Scene['objects'][number]];
  const look = usualLooks[texture];
  const tone = luma(mean(object.surface.ground, object.surface.figure));
  const step = (tone > 128 ? -1 : 1) * between(random, 60, 85);
  const shift = (colour: Colour, amount: number): Colour =>
    jitter(random, [colour[0] + amount, colour[1] + amount, colour[2] + amount], 6);
  const behind = tone + step - luma(mean(look.ground, look.figure));
  return {
    ...scene,
    clutter: [],
    background: {
      texture: look.texture,
      ground: shift(look.ground, behind),
      figure: shift(look.figure, behind),
      frequency: object.surface.frequency / object.pose.scale,
      seed: object.surface.seed + 1,
    },
    objects: [
      {
        ...object,
        accent: shift(object.surface.figure, 12),
        dark: shift(object.surface.figure, -30),
        light: shift(object.surface.ground, 30),
      },
    ],
  };
}
