import { gaussianBlur } from './gaussian-blur.ts';
import type { Plane } from './plane.ts';

export interface CannyRequest {
  /** Standard deviation of the blur before, in pixels. */
  readonly sigma: number;
  /** Gradients (change a pixel) that continue an edge, and that start one. */
  readonly low: number;
  readonly high: number;
}

/** Edges by Canny (1986): local maxima of the gradient along its direction, followed from strong ones to weak ones. */
export function cannyEdges(plane: Plane, { sigma, low, high }: CannyRequest): Uint8Array {
  const ridge = thinned(gaussianBlur(plane, sigma, { kind: 'mirror' }));
  const { width, height } = plane;
  const edges = new Uint8Array(width * height);
  const open: number[] = [];
  const mark = (at: number): void => {
    edges[at] = 1;
    open.push(at);
  };
  for (const [at, strength] of ridge.entries()) {
    if (strength >= high && edges[at] === 0) mark(at);
    for (let from = open.pop(); from !== undefined; from = open.pop()) {
      const x = from % width;
      const y = (from - x) / width;
      for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j += 1) {
        for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i += 1) {
          const neighbour = j * width + i;
          if (edges[neighbour] === 0 && ridge[neighbour]! >= low) mark(neighbour);
        }
      }
    }
  }
  return edges;
}

/** The gradient's size where it is largest across the edge, else 0. */
function thinned({ width, height, data }: Plane): Float64Array {
  const at = (x: number, y: number): number => {
    const [column, row] = [Math.min(width - 1, Math.max(0, x)), Math.min(height - 1, Math.max(0, y))];
    return data[row * width + column]!;
  };
  const slopes = new Float64Array(width * height * 2);
  const size = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const pixel = y * width + x;
      const dx = (at(x + 1, y) - at(x - 1, y)) / 2;
      const dy = (at(x, y + 1) - at(x, y - 1)) / 2;
      slopes[2 * pixel] = dx;
      slopes[2 * pixel + 1] = dy;
      size[pixel] = Math.sqrt(dx * dx + dy * dy);
    }
  }
  const sizeAt = (x: number, y: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : size[y * width + x]!;
  return size.map((strength, pixel) => {
    const x = pixel % width;
    const y = (pixel - x) / width;
    const [stepX, stepY] = nearestDirection(slopes[2 * pixel]!, slopes[2 * pixel + 1]!);
    const largest = strength > sizeAt(x + stepX, y + stepY) && strength >= sizeAt(x - stepX, y - stepY);
    return largest ? strength : 0;
  });
}

/** The neighbour that the gradient points to, of the four directions a pixel has. */
function nearestDirection(dx: number, dy: number): readonly [number, number] {
  const flat = 0.41421356; // tan(pi / 8)
  if (Math.abs(dy) <= flat * Math.abs(dx)) return [1, 0];
  if (Math.abs(dx) <= flat * Math.abs(dy)) return [0, 1];
  return dx * dy > 0 ? [1, 1] : [1, -1];
}
