import type { Plane } from '../../plane.ts';
import type { Paint } from '../part.ts';
import { paintAt } from '../figure.ts';
import { objectX, objectY } from '../paint.ts';
import type { SceneObject } from '../scene.ts';

/** How much larger line art is drawn before it is averaged down, so that lines of small images are smooth. */
export function enlargement(size: number): number {
  return Math.max(1, Math.ceil(96 / size));
}

/** What an object shows at a place of the image (0 … 1), nothing beside it. */
export function objectPaint(
  { figure, pose }: SceneObject,
  u: number,
  v: number,
): Exclude<Paint, 'hole'> | 'none' {
  return paintAt(figure, objectX(pose, u, v), objectY(pose, u, v)) ?? 'none';
}

/** Each pixel the mean of `factor` x `factor`. */
export function shrink({ width, height, data }: Plane, factor: number): Plane {
  if (factor === 1) return { width, height, data };
  const small = { width: width / factor, height: height / factor };
  const out = new Float64Array(small.width * small.height);
  for (let at = 0; at < data.length; at += 1) {
    const x = at % width;
    const y = (at - x) / width;
    const to = Math.floor(y / factor) * small.width + Math.floor(x / factor);
    out[to] = out[to]! + data[at]! / (factor * factor);
  }
  return { ...small, data: out };
}

/** The largest value within a disc around each pixel: lines grow to a width of about 2 `radius` + 1. */
export function thicken({ width, height, data }: Plane, radius: number): Plane {
  const reach = Math.floor(radius);
  if (reach === 0) return { width, height, data };
  const out = new Float64Array(data.length);
  for (let at = 0; at < data.length; at += 1) {
    if (data[at] === 0) continue;
    const x = at % width;
    const y = (at - x) / width;
    for (let j = Math.max(0, y - reach); j <= Math.min(height - 1, y + reach); j += 1) {
      for (let i = Math.max(0, x - reach); i <= Math.min(width - 1, x + reach); i += 1) {
        if ((i - x) ** 2 + (j - y) ** 2 > radius * radius) continue;
        out[j * width + i] = Math.max(out[j * width + i]!, data[at]!);
      }
    }
  }
  return { width, height, data: out };
}
