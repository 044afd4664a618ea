import type { Random } from '../../random/random.ts';
import { between } from './figure.ts';
import { categories, type Category } from '../../ood/categories.ts';
import * as textures from './textures.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** How a surface looks: a texture between two colours (0 … 255 a channel). */
export interface Look {
  readonly texture: textures.Texture;
  readonly ground: Colour;
  readonly figure: Colour;
}

/** The texture and colours that a category usually has. */
export const usualLooks: { readonly [category in Category]: Look } = {
  airplane: { texture: textures.panels, ground: [205, 212, 222], figure: [92, 108, 140] },
  bear: { texture: textures.fur, ground: [112, 72, 42], figure: [58, 36, 22] },
  bicycle: { texture: textures.diagonals, ground: [206, 40, 46], figure: [240, 210, 70] },
  bird: { texture: textures.feathers, ground: [70, 130, 196], figure: [24, 44, 96] },
  boat: { texture: textures.planks, ground: [190, 122, 62], figure: [92, 44, 22] },
  bottle: { texture: textures.bands, ground: [40, 112, 62], figure: [150, 210, 150] },
  car: { texture: textures.lacquer, ground: [200, 32, 40], figure: [242, 120, 90] },
  cat: { texture: textures.tabby, ground: [224, 154, 84], figure: [130, 70, 28] },
  chair: { texture: textures.grain, ground: [216, 170, 104], figure: [140, 88, 40] },
  clock: { texture: textures.rings, ground: [212, 178, 66], figure: [128, 92, 20] },
  dog: { texture: textures.spots, ground: [236, 232, 222], figure: [40, 34, 32] },
  elephant: { texture: textures.wrinkles, ground: [150, 148, 156], figure: [74, 72, 84] },
  keyboard: { texture: textures.checks, ground: [66, 70, 80], figure: [30, 32, 38] },
  knife: { texture: textures.brushed, ground: [226, 232, 236], figure: [132, 144, 152] },
  oven: { texture: textures.holes, ground: [236, 236, 226], figure: [140, 60, 40] },
  truck: { texture: textures.corrugated, ground: [44, 118, 188], figure: [206, 226, 240] },
};

/** Looks of paintings, which no category has. */
export const styleTextures: readonly textures.Texture[] = [
  textures.crossHatch,
  textures.whirls,
  textures.mosaic,
  textures.dabs,
];

function textureOf(category: Category): textures.Texture {
  return usualLooks[category].texture;
}

export function anyTexture(random: Random): textures.Texture {
  return textureOf(categories[random.integer(categories.length)]!);
}

/** Two colours at random, apart enough for the texture to show. */
export function anyColours(random: Random, contrast: number): { ground: Colour; figure: Colour } {
  const ground: Colour = [0, 0, 0].map(() => between(random, 40, 225)) as [number, number, number];
  const lighter = luma(ground) < 128 ? 1 : -1;
  const shift = lighter * between(random, 0.6, 1) * contrast * 150;
  const figure = ground.map((value) => clampByte(value + shift + between(random, -35, 35) * contrast));
  return { ground, figure: figure as [number, number, number] };
}

/** The colour with each channel changed by up to `amount`. */
export function jitter(random: Random, colour: Colour, amount: number): Colour {
  return colour.map((value) => clampByte(value + between(random, -amount, amount))) as [
    number,
    number,
    number,
  ];
}

export function luma([red, green, blue]: Colour): number {
  return 0.2125 * red + 0.7154 * green + 0.0721 * blue;
}

export function mean(a: Colour, b: Colour): Colour {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

export function clampByte(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
