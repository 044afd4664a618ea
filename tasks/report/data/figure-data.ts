import type { Section } from '../figures/figure.ts';
import { trusted } from '../page/html.ts';
import type { Html } from '../page/html.ts';
import { island } from '../page/island.ts';
import { scoreColumns } from './columns.ts';
import type { ScoreRow } from './score-rows.ts';

/**
 * The data behind the figures, for the page's script: each row once, column by column, and which rows each section shows. Texts are
 * places in a list, for few differ; numbers are written in full.
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
  const texts = new Map<string, number>();
  const columns = scoreColumns.map(({ name, type }) =>
    rows.map((row) => {
      const value = row[name];
      if (type !== 'STRING' || value === null) return value;
      const place = texts.get(String(value)) ?? texts.size;
      texts.set(String(value), place);
      return place;
    }),
  );
  return island('figure-data', {
    names: scoreColumns.map(({ name }) => name),
    texts: [...texts.keys()],
    isText: scoreColumns.map(({ type }) => type === 'STRING'),
    columns,
    sections: Object.fromEntries(shown),
  });
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
