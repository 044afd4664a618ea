import { type Random, randomFrom } from '../../../random/random.ts';
import { categories } from '../../../ood/categories.ts';
import { oodSetNamed, oodSets } from '../../../ood/sets.ts';
import { distortions } from '../../distortions/index.ts';
import { meanAmplitudeOf } from '../../distortions/power-equalisation.ts';
import type { ImageRecord, ImageSet } from '../../image-set.ts';
import type { Raster } from '../../raster.ts';
import type { Plane } from '../../plane.ts';
import { paint } from '../paint.ts';
import { makeScene, type SceneObject } from '../scene.ts';
import { categoryAt, drawingId } from '../shapes-set.ts';
import { conflictingScene, conflictingTexture } from './cue-conflict.ts';
import { drawEdges } from './edge.ts';
import { drawSilhouette } from './silhouette.ts';
import { drawSketch } from './sketch.ts';
import { stylizedScene } from './stylized.ts';

/** Streams of the 17 sets start here, apart from those of the other splits. */
const firstStream = 100;

/**
 * One of the 17 out-of-distribution sets, made from drawings of its own. Categories take turns, and with each round of
 * the 16 the condition changes, so that any multiple of (16 x conditions) images is balanced.
 */
export function openShapesOod(request: {
  /** As `vision/ood/sets.ts` names it. */
  readonly set: string;
  readonly size: number;
  readonly count: number;
  readonly seed: number;
}): ImageSet {
  const { set, size, count, seed } = request;
  const stream = firstStream + oodSets.findIndex(({ name }) => name === set);
  const records = Array.from({ length: count }, (_, index) => recordOf(set, index));
  let mean: Plane | undefined;
  const draw = drawer(set, {
    size,
    meanAmplitude: () => (mean ??= meanAmplitudeOf(undistorted(randomFrom(seed, stream), size))),
  });
  return {
    name: `shapes ${set}`,
    classes: categories,
    records,
    image: (index) => Promise.resolve(draw(randomFrom(seed, stream, index), index)),
  };
}

function recordOf(set: string, index: number): ImageRecord {
  const condition = conditionAt(set, index);
  return {
    id: drawingId(condition === undefined ? set : `${set}/${condition}`, index),
    label: index % categories.length,
    ...(condition === undefined ? {} : { condition }),
    ...(set === 'cue-conflict' ? { texture: conflictingTexture(index) } : {}),
  };
}

function conditionAt(set: string, index: number): string | undefined {
  const conditions = oodSetNamed(set)?.conditions ?? [];
  return conditions[Math.floor(index / categories.length) % conditions.length];
}

type Draw = (random: Random, index: number) => Raster;

function drawer(set: string, given: { readonly size: number; readonly meanAmplitude: () => Plane }): Draw {
  const { size, meanAmplitude } = given;
  switch (set) {
    case 'edge':
      return (random, index) => drawEdges(anyObject(random, index), size);
    case 'silhouette':
      return (random, index) => drawSilhouette(anyObject(random, index), size);
    case 'sketch':
      return (random, index) => drawSketch(anyObject(random, index), size, random.integer(2 ** 31));
    case 'cue-conflict':
      return (random, index) =>
        paint(conflictingScene(random, categoryAt(index), conflictingTexture(index)), size).image;
    case 'stylized':
      return (random, index) => paint(stylizedScene(random, categoryAt(index)), size).image;
    default: {
      const distort = distortions[set];
      if (distort === undefined) throw new Error(`no out-of-distribution set ${set}`);
      return (random, index) => {
        const image = undistortedImage(random, index, size);
        const condition = conditionAt(set, index) ?? '';
        return distort(image, { condition, random: random.split(1), meanAmplitude });
      };
    }
  }
}

function anyObject(random: Random, index: number): SceneObject {
  return makeScene(random, { category: categoryAt(index), second: 0, clear: true }).objects[0]!;
}

function undistortedImage(random: Random, index: number, size: number): Raster {
  return paint(makeScene(random, { category: categoryAt(index), second: 0, clear: true }), size).image;
}

/** Images whose mean spectrum stands for that of all: eight of each category. */
function undistorted(random: Random, size: number): readonly Raster[] {
  return Array.from({ length: 8 * categories.length }, (_, index) =>
    undistortedImage(random.split(index), index, size),
  );
}
