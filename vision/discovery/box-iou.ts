import type { PixelBox } from './pixel-box.ts';

const epsilon = 1e-7;

/**
 * Intersection over union. As in LOST's own evaluation, 1e-7 is added to both heights and to the union, so that empty
 * boxes give 0 and equal boxes a hair less than 1.
 */
export function boxIou(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const height = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  const intersection = Math.max(0, width) * Math.max(0, height);
  const areaA = (a.x1 - a.x0) * (a.y1 - a.y0 + epsilon);
  const areaB = (b.x1 - b.x0) * (b.y1 - b.y0 + epsilon);
  return intersection / (areaA + areaB - intersection + epsilon);
}
