import type { Raster } from '../../raster.ts';
import { fromGrey } from '../../plane.ts';
import type { SceneObject } from '../scene.ts';
import { enlargement, objectPaint, shrink } from './canvas.ts';

/** The object in black on white. */
export function drawSilhouette(object: SceneObject, size: number): Raster {
  const factor = enlargement(size);
  const side = size * factor;
  const data = new Float64Array(side * side);
  for (let at = 0; at < data.length; at += 1) {
    const [u, v] = [((at % side) + 0.5) / side, (Math.floor(at / side) + 0.5) / side];
    data[at] = objectPaint(object, u, v) === 'none' ? 1 : 0;
  }
  return fromGrey(shrink({ width: side, height: side, data }, factor));
}
