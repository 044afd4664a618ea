import type { Section } from '../figures/figure.ts';
import { trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { island } from '../page/island.ts';
import { scoreColumns } from './columns.ts';
import type { ScoreRow } from './score-rows.ts';

/**
 * The data behind the figures, for the page's script: each row once, column by column, and which rows each section shows. Numbers are
 * written in full.
 */
export function figureData(sections: readonly Section[]): Html {
  const places = new Map<ScoreRow, number>();
  const shown = sections.flatMap(({ id, data = [] }) => {
    const own = data.map((row) => {
      const place = places.get(row) ?? places.size;
      places.set(row, place);
      return place;
    });
    return own.length === 0 ? [] : [[id, rangesOf(own)] as const];
  });
  if (shown.length === 0) return trusted('');
  const rows = [...places.keys()];
  return island('figure-data', {
    names: scoreColumns.map(({ name }) => name),
    columns: scoreColumns.map(({ name }) => packed(rows.map((row) => row[name]))),
    sections: Object.fromEntries(shown),
  });
}

type Value = ScoreRow[keyof ScoreRow];

/** A column by its different values and the place of each row's among them, where that is shorter: few differ, or all stand twice. */
function packed(column: readonly Value[]): object {
  const places = new Map<Value, number>();
  const each = column.map((value) => {
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  });
  const plain = { values: column };
  const short = { values: [...places.keys()], places: each };
  return JSON.stringify(short).length < JSON.stringify(plain).length ? short : plain;
}

/** Neighbouring places as first and last: most sections show one stretch. */
function rangesOf(places: readonly number[]): readonly (readonly [number, number])[] {
  const ranges: [number, number][] = [];
  for (const place of places) {
    const last = ranges.at(-1);
    if (last !== undefined && place === last[1] + 1) last[1] = place;
    else ranges.push([place, place]);
  }
  return ranges;
}
