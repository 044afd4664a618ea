import type { Random } from '../../random/random.ts';
import { between, type Figure } from './figure.ts';
import { categories, type Category } from '../../ood/categories.ts';
import { figures } from './figures/index.ts';
import { anyColours, anyTexture, type Colour, jitter, type Look, luma, mean, usualLooks } from './looks.ts';
import { turn } from './part.ts';

/** All that is in a picture, at no particular size. Places are shares of the image's side, from 0 to 1. */
export interface Scene {
  readonly background: Surface;
  /** From back to front. */
  readonly clutter: readonly Blob[];
  /** From back to front. */
  readonly objects: readonly SceneObject[];
  readonly light: Light;
  /** Standard deviation of the pixel noise, of 0 … 255. */
  readonly noise: number;
  readonly seed: number;
}

export interface SceneObject {
  readonly category: Category;
  readonly figure: Figure;
  readonly pose: Pose;
  readonly surface: Surface;
  readonly accent: Colour;
  readonly dark: Colour;
  readonly light: Colour;
}

export interface Pose {
  readonly x: number;
  readonly y: number;
  /** Half the object's longer side. */
  readonly scale: number;
  readonly cos: number;
  readonly sin: number;
  readonly mirrored: boolean;
}

export interface Surface extends Look {
  /** Texture units in the object's (for the background: the image's) unit of length. */
  readonly frequency: number;
  readonly seed: number;
}

/** A plain patch that is no object. */
export interface Blob {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly flatness: number;
  readonly colour: Colour;
}

/** Brightness is 1 + x (u - 1/2) + y (v - 1/2), with u and v from 0 to 1, times `level`. */
interface Light {
  readonly level: number;
  readonly x: number;
  readonly y: number;
  /** Differences from middle grey are multiplied by this. */
  readonly contrast: number;
  /** Taken without colour. */
  readonly monochrome: boolean;
}

export interface SceneRequest {
  readonly category: Category;
  /** Chance of a second object of the same category. */
  readonly second: number;
  /** Whose usual look the object has; absent: its own, as often as `usualLook` says. */
  readonly lookOf?: Category;
  /** Neither hazy nor without colour, so that a distortion is the only one. */
  readonly clear?: boolean;
}

/** How often an object looks as its category usually does; else its texture is any category's. */
const usualLook = 0.65;

export function makeScene(random: Random, request: SceneRequest): Scene {
  const background = makeBackground(random);
  const clutter = Array.from({ length: random.integer(3) }, () => makeBlob(random));
  const first = makeObject(random, request, background, makePose(random));
  const objects = random.chance(request.second)
    ? [makeObject(random, request, background, poseBeside(random, first.pose)), first]
    : [first];
  const light = makeLight(random, request.clear ?? false);
  return {
    background,
    clutter,
    objects,
    light,
    noise: between(random, 2, 10) * Math.min(1, light.contrast + 0.2),
    seed: random.integer(2 ** 31),
  };
}

/** Unless asked to be clear, one picture in ten is hazy, one in fifty black and white. */
function makeLight(random: Random, clear: boolean): Light {
  return {
    level: between(random, 0.75, 1.15),
    x: between(random, -0.4, 0.4),
    y: between(random, -0.4, 0.4),
    contrast: !clear && random.chance(0.1) ? between(random, 0.5, 0.9) : 1,
    monochrome: !clear && random.chance(0.02),
  };
}

/** One background in eight is plain, half of these white or nearly so, as catalogues show things. */
function makeBackground(random: Random): Surface {
  const plain = random.chance(1 / 8);
  const white = plain && random.chance(0.5) ? between(random, 215, 255) : undefined;
  const colours = anyColours(random, plain ? 0.03 : between(random, 0.15, 0.5));
  return {
    texture: anyTexture(random),
    ...(white === undefined ? colours : { ground: [white, white, white], figure: [white, white, white] }),
    frequency: between(random, 3.5, 8),
    seed: random.integer(2 ** 31),
  };
}

function makeBlob(random: Random): Blob {
  return {
    x: random.uniform(),
    y: random.uniform(),
    radius: between(random, 0.04, 0.16),
    flatness: between(random, 0.5, 1.5),
    colour: anyColours(random, 0).ground,
  };
}

function makeObject(random: Random, request: SceneRequest, background: Surface, pose: Pose): SceneObject {
  const { category } = request;
  const look = apartFrom(random, background, makeLook(random, request));
  const tone = between(random, -25, 25);
  return {
    category,
    figure: figures[category](random),
    pose,
    surface: { ...look, frequency: between(random, 1.9, 2.9), seed: random.integer(2 ** 31) },
    accent: mean(look.figure, jitter(random, look.ground, 30)),
    dark: [34 + tone, 34 + tone, 40 + tone],
    light: [222 + tone, 224 + tone, 226 + tone],
  };
}

function makeLook(random: Random, { category, lookOf }: SceneRequest): Look {
  const usual = usualLooks[lookOf ?? category];
  if (lookOf !== undefined || random.chance(usualLook)) {
    return {
      texture: usual.texture,
      ground: jitter(random, usual.ground, 28),
      figure: jitter(random, usual.figure, 28),
    };
  }
  const other = categories[random.integer(categories.length)]!;
  const colours = random.chance(0.5)
    ? usualLooks[other]
    : anyColours(random, random.chance(0.3) ? 0.08 : 0.6);
  return {
    texture: anyTexture(random),
    ground: jitter(random, colours.ground, 28),
    figure: jitter(random, colours.figure, 28),
  };
}

/** Lightens or darkens a look that the background would swallow. */
function apartFrom(random: Random, background: Look, look: Look): Look {
  const behind = luma(mean(background.ground, background.figure));
  const gap = luma(mean(look.ground, look.figure)) - behind;
  const wanted = between(random, 40, 75);
  if (Math.abs(gap) >= wanted) return look;
  const shift = (behind < 128 ? wanted : -wanted) - gap;
  const move = (colour: Colour): Colour =>
    jitter(random, [colour[0] + shift, colour[1] + shift, colour[2] + shift], 0);
  return { texture: look.texture, ground: move(look.ground), figure: move(look.figure) };
}

function makePose(random: Random): Pose {
  const scale = between(random, 0.34, 0.47);
  const margin = scale * 0.85;
  return {
    x: between(random, margin, 1 - margin),
    y: between(random, margin, 1 - margin),
    scale,
    ...turn(between(random, -12, 12)),
    mirrored: random.chance(0.5),
  };
}

/** A smaller place on the side where there is more room. */
function poseBeside(random: Random, first: Pose): Pose {
  const scale = first.scale * between(random, 0.5, 0.75);
  const away = first.x < 0.5 ? 1 : -1;
  const x = first.x + away * (first.scale + scale) * between(random, 0.75, 0.95);
  return {
    x: Math.min(1 - scale * 0.7, Math.max(scale * 0.7, x)),
    y: between(random, scale * 0.8, 1 - scale * 0.8),
    scale,
    ...turn(between(random, -12, 12)),
    mirrored: random.chance(0.5),
  };
}
