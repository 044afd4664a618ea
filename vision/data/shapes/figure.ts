import type { Random } from '../../random/random.ts';
import type { Paint, Part } from './part.ts';

/** One drawing of a category: parts from back to front. */
export interface Figure {
  readonly parts: readonly Part[];
}

/** Draws a member of a category; proportions, pose of limbs and details vary with `random`. */
export type DrawFigure = (random: Random) => Figure;

/** What the figure shows at a point; undefined beside it. */
export function paintAt({ parts }: Figure, x: number, y: number): Exclude<Paint, 'hole'> | undefined {
  for (let index = parts.length - 1; index >= 0; index -= 1) {
    const part = parts[index]!;
    const { bounds } = part;
    if (x < bounds[0] || x > bounds[2] || y < bounds[1] || y > bounds[3] || !part.contains(x, y)) continue;
    return part.paint === 'hole' ? undefined : part.paint;
  }
  return undefined;
}

/** A number between the two, evenly. */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random.uniform();
}
