import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Reading } from '../readings/reading.ts';

/** Readings of one control, or (null) of what is meant. */
export interface ReadingsOf {
  readonly control: string | null;
  readonly readings: readonly Reading[];
}

/**
 * Every single value, one row an image (or object), metric and member, as a Parquet file: `model`, `variant`, `seed`, `sparsity`,
 * `measure`, `metric`, `unit`, `method`, `set`, `condition`, `control`, `item` (the image's id, or the object's), `image`, `value`.
 * What an image does not have is null. Texts are stored by dictionary, so that a study of millions of values stays small.
 */
export function scoresParquet(groups: readonly ReadingsOf[]): Uint8Array {
  const rows = { ...emptyTexts(), sparsity: [] as number[], value: [] as (number | null)[] };
  for (const { control, readings } of groups) {
    for (const reading of readings) {
      const { model, variant, seed, sparsity, measure, metric, unit } = reading;
      const texts = { model, variant, seed, measure, metric, unit };
      for (const [i, value] of reading.values.entries()) {
        for (const name of always) rows[name].push(texts[name]);
        const item = reading.items[i]!;
        rows.method.push(reading.method ?? null);
        rows.set.push(reading.set ?? null);
        rows.condition.push(reading.conditions?.[i] ?? null);
        rows.control.push(control);
        rows.item.push(item);
        rows.image.push(reading.images?.[i] ?? item);
        rows.sparsity.push(sparsity);
        rows.value.push(value);
      }
    }
  }
  const buffer = parquetWriteBuffer({
    columnData: [
      ...[...always, ...sometimes].map((name) => ({
        name,
        data: rows[name],
        type: 'STRING' as const,
        nullable: true,
      })),
      { name: 'sparsity', data: rows.sparsity, type: 'DOUBLE' as const, nullable: false },
      { name: 'value', data: rows.value, type: 'DOUBLE' as const, nullable: true },
    ],
  });
  return new Uint8Array(buffer);
}

const always = ['model', 'variant', 'seed', 'measure', 'metric', 'unit'] as const;
const sometimes = ['method', 'set', 'condition', 'control', 'item', 'image'] as const;

function emptyTexts(): Record<(typeof always)[number] | (typeof sometimes)[number], (string | null)[]> {
  const names = [...always, ...sometimes];
  return Object.fromEntries(names.map((name) => [name, []])) as never;
}
