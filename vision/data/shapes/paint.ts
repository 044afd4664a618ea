import type { Box } from '../image-set.ts';
import type { Mask, Raster } from '../raster.ts';
import { paintAt } from './figure.ts';
import { clampByte, type Colour } from './looks.ts';
import { cellGrain, mix } from './noise.ts';
import type { Blob, Pose, Scene, SceneObject, Surface } from './scene.ts';

export interface Painting {
  readonly image: Raster;
  /** Which object a pixel mostly shows: 0 none, 1 the first of the scene, … */
  readonly owners: Uint8Array;
}

/** Paints a scene, with `samples` x `samples` samples a pixel. */
export function paint(
  scene: Scene,
  size: number,
  { samples }: { readonly samples: 1 | 2 } = { samples: 2 },
): Painting {
  const data = new Uint8Array(size * size * 3);
  const owners = new Uint8Array(size * size);
  const sample: Sample = { red: 0, green: 0, blue: 0 };
  const votes = new Uint8Array(scene.objects.length + 1);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      sample.red = sample.green = sample.blue = 0;
      votes.fill(0);
      for (let part = 0; part < samples * samples; part += 1) {
        const u = (x + ((part % samples) + 0.5) / samples) / size;
        const v = (y + (Math.floor(part / samples) + 0.5) / samples) / size;
        const owner = addSample(scene, u, v, sample);
        votes[owner] = votes[owner]! + 1;
      }
      const pixel = y * size + x;
      owners[pixel] = leading(votes);
      develop(scene, { x: (x + 0.5) / size, y: (y + 0.5) / size, samples: samples * samples }, sample);
      data[pixel * 3] = toByte(sample.red + scene.noise * cellGrain(x, y, scene.seed));
      data[pixel * 3 + 1] = toByte(sample.green + scene.noise * cellGrain(x, y, scene.seed + 1));
      data[pixel * 3 + 2] = toByte(sample.blue + scene.noise * cellGrain(x, y, scene.seed + 2));
    }
  }
  return { image: { width: size, height: size, data }, owners };
}

/** Foreground is every object, numbered from 1 in the scene's order. */
export function maskOf({ image, owners }: Painting): Mask {
  return { width: image.width, height: image.height, data: owners };
}

/** The box of what is seen of each object; none where it is wholly covered. */
export function boxesOf({ image, owners }: Painting, scene: Scene): readonly Box[] {
  return scene.objects.flatMap(({ category }, index) => {
    let [x0, y0, x1, y1] = [image.width, image.height, 0, 0];
    for (const [pixel, owner] of owners.entries()) {
      if (owner !== index + 1) continue;
      const x = pixel % image.width;
      const y = (pixel - x) / image.width;
      [x0, y0, x1, y1] = [Math.min(x0, x), Math.min(y0, y), Math.max(x1, x + 1), Math.max(y1, y + 1)];
    }
    return x1 > x0 ? [{ x0, y0, x1, y1, category }] : [];
  });
}

/** The object's own coordinate to the right of a place in the image. */
export function objectX(pose: Pose, u: number, v: number): number {
  const x = ((u - pose.x) * pose.cos + (v - pose.y) * pose.sin) / pose.scale;
  return pose.mirrored ? -x : x;
}

/** The object's own coordinate downwards. */
export function objectY(pose: Pose, u: number, v: number): number {
  return ((v - pose.y) * pose.cos - (u - pose.x) * pose.sin) / pose.scale;
}

interface Sample {
  red: number;
  green: number;
  blue: number;
}

/** Adds the colour seen at (u, v), and returns whose it is. */
function addSample(scene: Scene, u: number, v: number, sample: Sample): number {
  for (let index = scene.objects.length - 1; index >= 0; index -= 1) {
    if (addObject(scene.objects[index]!, u, v, sample)) return index + 1;
  }
  for (let index = scene.clutter.length - 1; index >= 0; index -= 1) {
    const blob = scene.clutter[index]!;
    if (!covers(blob, u, v)) continue;
    addColour(sample, blob.colour);
    return 0;
  }
  addSurface(sample, scene.background, u, v);
  return 0;
}

function addObject(object: SceneObject, u: number, v: number, sample: Sample): boolean {
  const { pose } = object;
  // No figure reaches farther from its middle.
  const reach = 1.7 * pose.scale;
  if (u < pose.x - reach || u > pose.x + reach || v < pose.y - reach || v > pose.y + reach) return false;
  const x = objectX(pose, u, v);
  const y = objectY(pose, u, v);
  const paint = paintAt(object.figure, x, y);
  switch (paint) {
    case undefined:
      return false;
    case 'body':
      addSurface(sample, object.surface, x, y);
      return true;
    case 'accent':
    case 'dark':
    case 'light':
      addColour(sample, object[paint]);
      return true;
  }
}

function addSurface(
  sample: Sample,
  { texture, ground, figure, frequency, seed }: Surface,
  x: number,
  y: number,
): void {
  const share = texture(x * frequency, y * frequency, seed);
  sample.red += mix(ground[0], figure[0], share);
  sample.green += mix(ground[1], figure[1], share);
  sample.blue += mix(ground[2], figure[2], share);
}

/** Turns the sum of a pixel's samples into what the light makes of their mean. */
function develop({ light }: Scene, at: { x: number; y: number; samples: number }, sample: Sample): void {
  const slope = light.x * (at.x - 0.5) + light.y * (at.y - 0.5);
  const gain = (light.contrast * light.level * (1 + slope)) / at.samples;
  const lift = 128 * (1 - light.contrast);
  sample.red = sample.red * gain + lift;
  sample.green = sample.green * gain + lift;
  sample.blue = sample.blue * gain + lift;
  if (light.monochrome) {
    sample.red =
      sample.green =
      sample.blue =
        0.2125 * sample.red + 0.7154 * sample.green + 0.0721 * sample.blue;
  }
}

function addColour(sample: Sample, colour: Colour): void {
  sample.red += colour[0];
  sample.green += colour[1];
  sample.blue += colour[2];
}

function covers(blob: Blob, u: number, v: number): boolean {
  const dx = u - blob.x;
  const dy = (v - blob.y) * blob.flatness;
  return dx * dx + dy * dy < blob.radius * blob.radius;
}

/** Most votes; of equals, the later object, so that thin parts stay in the mask. */
function leading(votes: Uint8Array): number {
  let best = 0;
  for (let owner = 1; owner < votes.length; owner += 1) if (votes[owner]! >= votes[best]!) best = owner;
  return best;
}

function toByte(value: number): number {
  return Math.round(clampByte(value));
}
