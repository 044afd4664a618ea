import { cannyEdges } from '../../canny.ts';
import type { Raster } from '../../raster.ts';
import { fromGrey, mapPlane, toGrey } from '../../plane.ts';
import { paint } from '../paint.ts';
import type { Scene, SceneObject } from '../scene.ts';
import { enlargement, shrink, thicken } from './canvas.ts';

/** Canny edges of the object, its texture included, as black lines on white. */
export function drawEdges(object: SceneObject, size: number): Raster {
  const factor = enlargement(size);
  const side = size * factor;
  const { image, owners } = paint(onWhite(object), side, { samples: 1 });
  const sigma = Math.max(0.8, side / 120);
  const inner = cannyEdges(toGrey(image), { sigma, low: 0.02, high: 0.05 });
  // Parts as light as the paper would lose their outline.
  const shape = { width: side, height: side, data: Float64Array.from(owners) };
  const outer = cannyEdges(shape, { sigma, low: 0.1, high: 0.2 });
  const edges = Float64Array.from(inner, (edge, at) => Math.max(edge, outer[at]!));
  const lines = thicken({ width: side, height: side, data: edges }, 0.42 * factor);
  return fromGrey(
    shrink(
      mapPlane(lines, (ink) => 1 - ink),
      factor,
    ),
  );
}

function onWhite(object: SceneObject): Scene {
  const white = [255, 255, 255] as const;
  return {
    background: { texture: () => 0, ground: white, figure: white, frequency: 1, seed: 0 },
    clutter: [],
    // Details in white would be lost.
    objects: [{ ...object, light: [190, 190, 190] }],
    light: { level: 1, x: 0, y: 0, contrast: 1, monochrome: false },
    noise: 0,
    seed: 0,
  };
}
