import type { Random } from '../../../random/random.ts';
import type { Category } from '../../../ood/categories.ts';
import { between } from '../figure.ts';
import { anyColours, type Colour, jitter, luma, mean, styleTextures } from '../looks.ts';
import { makeScene, type Scene, type Surface } from '../scene.ts';

/**
 * A scene as painted in a style that no training image has: brushwork, hatching, mosaic or whirls in a few colours over
 * everything, object and background keeping their difference in brightness. Neither texture nor colour tells the
 * category (after Stylized-ImageNet, Geirhos et al. 2019).
 */
export function stylizedScene(random: Random, category: Category): Scene {
  const scene = makeScene(random, { category, second: 0, clear: true });
  const texture = styleTextures[random.integer(styleTextures.length)]!;
  const colours = anyColours(random, 0.9);
  const frequency = between(random, 5, 8);
  const paintOver = (surface: Surface, scale: number): Surface => {
    const tone = luma(mean(surface.ground, surface.figure));
    return {
      texture,
      ground: withTone(colours.ground, tone + 22),
      figure: withTone(colours.figure, tone - 22),
      frequency: frequency * scale,
      seed: surface.seed,
    };
  };
  return {
    ...scene,
    background: paintOver(scene.background, 1),
    objects: scene.objects.map((object) => ({
      ...object,
      surface: paintOver(object.surface, object.pose.scale),
      accent: withTone(jitter(random, colours.figure, 40), luma(object.accent)),
    })),
  };
}

/** The colour made as bright as asked. */
function withTone(colour: Colour, tone: number): Colour {
  const shift = tone - luma(colour);
  return [colour[0] + shift, colour[1] + shift, colour[2] + shift];
}
