import { parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import type { Reading } from '../../../tasks/readings/reading.ts';
import { scoresParquet } from '../../../tasks/results/parquet.ts';

const reading: Reading = {
  source: { digest: digestOf('scores'), coordinates: {}, facts: {} },
  ...{ measure: 'localisation', metric: 'rma', unit: 'fraction', higherIsBetter: true },
  ...{ model: 'resnet20', sparsity: 0.488, method: 'grad-cam', set: undefined, variant: '', seed: '1' },
  ...{ position: 3, people: undefined, mean: 0.3, cases: {} },
  items: ['a/1.png', 'ü, "2".png'],
  values: [0.1 + 0.2, null],
  images: undefined,
  conditions: undefined,
};

function read(file: Uint8Array): Promise<readonly Record<string, unknown>[]> {
  return parquetReadObjects({ file: Uint8Array.from(file).buffer });
}

describe('scores.parquet', () => {
  it('holds every value to the last bit, with its place in the study', async () => {
    const objects = { ...reading, images: ['x', 'x'], conditions: ['0.1', null] };
    const rows = await read(
      scoresParquet([
        { control: null, readings: [reading] },
        { control: 'shuffled-masks', readings: [objects] },
      ]),
    );
    expect(rows).toHaveLength(4);
    expect(rows[0]).toEqual({
      ...{
        model: 'resnet20',
        variant: '',
        seed: '1',
        measure: 'localisation',
        metric: 'rma',
        unit: 'fraction',
      },
      ...{ method: 'grad-cam', set: null, condition: null, control: null },
      ...{ item: 'a/1.png', image: 'a/1.png', sparsity: 0.488, value: 0.1 + 0.2 },
    });
    expect(rows[1]).toMatchObject({ item: 'ü, "2".png', value: null });
    expect(rows[2]).toMatchObject({ control: 'shuffled-masks', image: 'x', condition: '0.1' });
  });

  it('stays small where the same names come again and again', async () => {
    const many = 20_000;
    const items = Array.from({ length: many }, (_, i) => `image ${i % 500}`);
    const values = Array.from({ length: many }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const file = scoresParquet([{ control: null, readings: [{ ...reading, items, values }] }]);
    expect(file.length).toBeLessThan(many * 8);
    const rows = await read(file);
    expect(rows.length).toBe(many);
    expect(rows[many - 1]).toMatchObject({ item: 'image 499', value: 0 });
  });

  it('is a file also where there is nothing', async () => {
    expect(await read(scoresParquet([]))).toEqual([]);
  });
});
