import { describe, expect, it } from 'vitest';
import { overlay } from '../../../tasks/previews/draw-preview.ts';

/** Rec. 601 luma of each pixel of one row: what is left in grey print. */
function printed(image: readonly number[], relevance: readonly number[]): number[] {
  const width = image.length;
  const data = Uint8Array.from(image.flatMap((grey) => [grey, grey, grey]));
  const heatmap = { channels: 1, height: 1, width, data: Float32Array.from(relevance) };
  const drawn = overlay({ width, height: 1, data }, heatmap).data;
  return image.map((_, x) => 0.299 * drawn[3 * x]! + 0.587 * drawn[3 * x + 1]! + 0.114 * drawn[3 * x + 2]!);
}

describe('overlay', () => {
  it('is brighter the more relevance there is, on any ground', () => {
    const steps = Array.from({ length: 21 }, (_, i) => i / 20);
    for (const ground of [0, 128, 255]) {
      const luma = printed(
        steps.map(() => ground),
        steps,
      );
      expect(luma.every((value, i) => i === 0 || value > luma[i - 1]!)).toBe(true);
    }
  });

  it('lets no white ground pass for a strong mark on black in grey print', () => {
    const [white, black, mark] = printed([255, 0, 0], [0, 0, 0.5]) as [number, number, number];
    expect(white).toBeGreaterThan(black + 40);
    expect(mark).toBeGreaterThan(white);
    // The scale ends at the strongest.
    expect(printed([255, 0, 0], [0, 0, 1])[2]).toBeGreaterThan(230);
  });
});
