import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { Reading } from '../../../tasks/readings/reading.ts';
import { seriesOf } from '../../../tasks/readings/series.ts';

const base: Reading = {
  source: { digest: digestOf('scores'), coordinates: {}, facts: {} },
  measure: 'accuracy',
  metric: 'top1',
  unit: 'fraction',
  higherIsBetter: true,
  model: 'resnet20',
  sparsity: 0,
  method: undefined,
  set: undefined,
  variant: '',
  seed: '0',
  position: 0,
  items: ['a', 'b'],
  values: [1, 0],
  mean: 0.5,
  images: undefined,
  cases: {},
  conditions: undefined,
  people: undefined,
};

describe('seriesOf', () => {
  it('joins the seeds of a point and orders points by sparsity', () => {
    const [series, ...others] = seriesOf([
      { ...base, position: 1, sparsity: 0.2, mean: 0.4 },
      base,
      { ...base, seed: '1', mean: 0.7 },
    ]);
    expect(others).toEqual([]);
    expect(series?.points.map((point) => [point.sparsity, point.runs.length])).toEqual([
      [0, 2],
      [0.2, 1],
    ]);
    expect(series?.points[0]?.summary).toEqual({ mean: 0.6, low: 0.5, high: 0.7 });
  });

  it('joins members whose sparsities differ by a few weights', () => {
    const [series] = seriesOf([
      { ...base, position: 1, sparsity: 0.2 },
      { ...base, position: 1, sparsity: 0.2002, seed: '1' },
    ]);
    expect(series?.points).toHaveLength(1);
    expect(series?.points[0]?.sparsity).toBeCloseTo(0.2001, 9);
  });

  it('gives the dense model that all variants start from to each of them', () => {
    const series = seriesOf([
      base,
      { ...base, position: 1, sparsity: 0.2, variant: 'strategy=l1' },
      { ...base, position: 1, sparsity: 0.2, variant: 'strategy=random' },
    ]);
    expect(series.map((one) => [one.variant, one.points.map((point) => point.sparsity)])).toEqual([
      ['strategy=l1', [0, 0.2]],
      ['strategy=random', [0, 0.2]],
    ]);
  });

  it('keeps a point without values, and says so', () => {
    const [series] = seriesOf([{ ...base, mean: null, values: [null, null] }]);
    expect(series?.points[0]?.summary).toBeUndefined();
  });
});
