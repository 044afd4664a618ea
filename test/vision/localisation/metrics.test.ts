import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groundTruth } from '../../../vision/localisation/ground-truth.ts';
import type { Heatmap } from '../../../vision/localisation/heatmap.ts';
import { valueOf } from '../../../vision/localisation/measurement.ts';
import { localisationMetrics } from '../../../vision/localisation/metrics.ts';
import type { LocalisationMetricName } from '../../../vision/localisation/metrics.ts';
import { defaultPooling, poolChannels, poolings } from '../../../vision/localisation/pooling.ts';
import { indicesIn, regionOf } from '../../../vision/localisation/regions.ts';
import { insideAmongHighest } from '../../../vision/localisation/relevance-rank.ts';

function score(
  name: LocalisationMetricName,
  heatmap: Heatmap,
  mask: readonly number[],
  margin = 0,
): number | null {
  const metric = localisationMetrics.find((each) => each.name === name)!;
  const pooled = poolChannels(heatmap, defaultPooling(heatmap.channels));
  return valueOf(metric.measure({ heatmap, pooled, truth: groundTruth(mask), margin }));
}

/** 3 x 3, one channel. */
function map(...data: readonly number[]): Heatmap {
  return { channels: 1, height: 3, width: 3, data };
}

describe('pointing game', () => {
  it('asks where the highest pixel lies, later pixels first among equals', () => {
    const mask = [0, 0, 0, 0, 1, 0, 0, 0, 0];
    expect(score('pointing', map(0, 0, 0, 0, 9, 0, 0, 0, 1), mask)).toBe(1);
    expect(score('pointing', map(0, 0, 0, 0, 9, 0, 0, 0, 9), mask)).toBe(0);
    expect(score('pointing', map(0, 0, 0, 9, 9, 0, 0, 0, 0), mask)).toBe(1);
  });
});

describe('pointing game with a margin', () => {
  const mask = [1, 0, 0, 0, 0, 0, 0, 0, 0];
  const at = (index: number): Heatmap => map(...Array.from({ length: 9 }, (_, i) => (i === index ? 1 : 0)));

  it.each([
    ['beside the object', 1, 1, 1],
    ['beside the object, with less than a pixel', 1, 0.9, 0],
    ['across the corner, with a pixel', 4, 1, 0],
    ['across the corner, with its diagonal', 4, Math.SQRT2, 1],
    // Flat neighbours, but on the other side of the image.
    ['at the end of the row', 2, 1, 0],
    ['in the last corner, with all but its distance', 8, 2.8, 0],
    ['in the last corner, with its distance', 8, 2.83, 1],
  ])('%s', (_, index, margin, expected) => {
    expect(score('pointing', at(index), mask, margin)).toBe(expected);
  });
});

describe('regions of a mask', () => {
  const mask = Uint8Array.of(0, 7, 255, 3, 7, 0);

  it('lists what is there, and keeps one of it with the void border', () => {
    expect(indicesIn(mask)).toEqual([3, 7]);
    expect([...regionOf(mask, 7)]).toEqual([0, 7, 255, 0, 7, 0]);
    expect(groundTruth(regionOf(mask, 3)).insideCount).toBe(1);
    expect(groundTruth(regionOf(mask, 3), 'ignored').countedCount).toBe(5);
    expect(groundTruth(regionOf(mask, 9)).insideCount).toBe(0);
  });
});

describe('energy-based pointing game', () => {
  it('takes the box around the mask and positive relevance alone', () => {
    const mask = [1, 0, 0, 0, 1, 0, 0, 0, 0];
    // Box: the upper left 2 x 2; energy inside 1 + 2 + 4, outside 3; the negative 8 does not count.
    expect(score('energy', map(1, 2, 3, 0, 4, 0, -8, 0, 0), mask)).toBeCloseTo(0.7, 12);
  });
});

describe('named cases', () => {
  it.each(['rma', 'rra', 'pointing', 'energy'] as const)(
    '%s has no number without mask or relevance',
    (name) => {
      expect(score(name, map(1, 2, 3, 4, 5, 6, 7, 8, 9), Array<number>(9).fill(0))).toBeNull();
      expect(score(name, map(...Array<number>(9).fill(0)), [0, 0, 0, 0, 1, 0, 0, 0, 0])).toBeNull();
      expect(score(name, map(1, 2, 3, 4, 5, 6, 7, 8, 9), Array<number>(9).fill(1))).toBe(1);
    },
  );
});

describe('invariants', () => {
  const heatmaps = fc
    .tuple(fc.constantFrom(1, 3), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
    .chain(([channels, height, width]) =>
      fc.record({
        channels: fc.constant(channels),
        height: fc.constant(height),
        width: fc.constant(width),
        data: fc.array(fc.integer({ min: -5, max: 5 }), {
          minLength: channels * height * width,
          maxLength: channels * height * width,
        }),
        mask: fc.array(fc.constantFrom(0, 1, 255), { minLength: height * width, maxLength: height * width }),
      }),
    );

  it('the highest N are those of a stable sort by value and index', () => {
    fc.assert(
      fc.property(heatmaps, ({ mask, ...heatmap }) => {
        const pooled = poolChannels(heatmap, 'sum,abs');
        const truth = groundTruth(mask, 'ignored');
        const ranked = [...pooled.keys()]
          .filter((i) => truth.counted[i] === 1)
          .sort((a, b) => pooled[b]! - pooled[a]! || b - a)
          .slice(0, truth.insideCount);
        expect(insideAmongHighest(pooled, truth)).toBe(ranked.filter((i) => truth.inside[i] === 1).length);
      }),
    );
  });

  it('every score lies in 0..1 or is named, and mass ignores the scale', () => {
    fc.assert(
      fc.property(heatmaps, fc.constantFrom(...poolings), ({ mask, ...heatmap }, pooling) => {
        const truth = groundTruth(mask);
        const doubled = { ...heatmap, data: heatmap.data.map((value) => 2 * value) };
        for (const metric of localisationMetrics) {
          const value = valueOf(
            metric.measure({ heatmap, pooled: poolChannels(heatmap, pooling), truth, margin: 1 }),
          );
          const again = valueOf(
            metric.measure({ heatmap: doubled, pooled: poolChannels(doubled, pooling), truth, margin: 1 }),
          );
          if (value === null) expect(again).toBeNull();
          else {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(1);
            expect(again).toBeCloseTo(value, 10);
          }
        }
      }),
    );
  });
});
