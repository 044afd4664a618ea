import type { Raster } from '../../raster.ts';
import { fromGrey, type Plane } from '../../plane.ts';
import type { Paint } from '../part.ts';
import { mix, smoothNoise, wave } from '../noise.ts';
import type { SceneObject } from '../scene.ts';
import { enlargement, objectPaint, shrink, thicken } from './canvas.ts';

/** A pencil drawing: outlines gone over twice by an unsteady hand, dark parts hatched, on paper. */
export function drawSketch(object: SceneObject, size: number, seed: number): Raster {
  const factor = enlargement(size);
  const side = size * factor;
  const first = outline(object, side, seed);
  const second = outline(object, side, seed + 17);
  const ink = thicken(
    { ...first, data: first.data.map((value, at) => Math.max(value, 0.7 * second.data[at]!)) },
    0.36 * factor,
  );
  const data = ink.data.map((line, at) => {
    const [x, y] = [at % side, Math.floor(at / side)];
    const [u, v] = [(x + 0.5) / side, (y + 0.5) / side];
    const pressure = mix(0.55, 1, smoothNoise(u * 14, v * 14, seed + 5));
    const hatch = hatching(objectPaint(object, u, v), u, v);
    return 0.97 - 0.9 * Math.max(line * pressure, hatch * 0.7 * pressure);
  });
  return fromGrey(shrink({ width: side, height: side, data }, factor));
}

/** Where what is drawn changes from one pixel to the next, as a trembling hand follows it. */
function outline(object: SceneObject, side: number, seed: number): Plane {
  const tremble = 0.022;
  const paints = Array.from({ length: side * side }, (_, at) => {
    const [u, v] = [((at % side) + 0.5) / side, (Math.floor(at / side) + 0.5) / side];
    const du = (smoothNoise(u * 7, v * 7, seed) - 0.5) * 2 * tremble;
    const dv = (smoothNoise(u * 7, v * 7, seed + 1) - 0.5) * 2 * tremble;
    return objectPaint(object, u + du, v + dv);
  });
  const data = Float64Array.from(paints, (paint, at) => {
    const right = (at + 1) % side === 0 ? paint : paints[at + 1];
    const below = paints[at + side] ?? paint;
    return paint === right && paint === below ? 0 : 1;
  });
  return { width: side, height: side, data };
}

function hatching(paint: Paint | 'none', u: number, v: number): number {
  if (paint === 'dark') return wave((u + v) * 22) > 0.35 ? 1 : 0;
  if (paint === 'accent') return wave((u + v) * 15) > 0.72 ? 0.6 : 0;
  return 0;
}
