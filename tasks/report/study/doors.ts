import type { Coordinates, Facts } from '../../../engine/contract/scalar.ts';
import type { Reading, ScoresSource } from '../../readings/reading.ts';
import { metricLabel } from '../page/labels.ts';
import { scoreText } from '../page/numbers.ts';

/** What a drawn value rests on: which score, in whose colour, read from which artifacts. */
export interface Door {
  /** Places in the table's `scores` and among the study's lines. */
  readonly score: number;
  readonly line: number;
  /** Places in the table's `sources`: one for each run. */
  readonly sources: readonly number[];
}

/** Every scores artifact that the page draws values of. Marks name its entries by their places. */
export interface DoorTable {
  readonly format: 1;
  readonly scores: readonly { readonly metric: string; readonly label: string }[];
  readonly sources: readonly DoorSource[];
}

/** Without names, for there are thousands. */
export type DoorSource = readonly [
  digest: string,
  seed: string,
  sparsity: number,
  coordinates: Coordinates,
  /** Without those that a coordinate repeats. */
  facts: Facts,
  /** Of each score that it holds, by the score's place: as the page writes it. */
  values: { readonly [score: number]: string },
];

export interface Doors {
  readonly table: DoorTable;
  readonly doorOf: (value: {
    readonly line: number;
    readonly metric: string;
    readonly runs: readonly Reading[];
  }) => Door;
}

/** Numbers what a study's readings were read from, in their order. */
export function doorsTo(readings: readonly Reading[]): Doors {
  const metrics = [...new Set(readings.map(({ metric }) => metric))];
  const bySource = new Map<ScoresSource, Reading[]>();
  for (const reading of readings)
    bySource.set(reading.source, [...(bySource.get(reading.source) ?? []), reading]);
  const places = new Map([...bySource.keys()].map((source, place) => [source, place]));
  return {
    table: {
      format: 1,
      scores: metrics.map((metric) => ({ metric, label: metricLabel(metric) })),
      sources: [...bySource].map(([source, own]) => {
        const values = own.map(({ metric, mean, unit }) => [metrics.indexOf(metric), scoreText(mean, unit)]);
        const { seed, sparsity } = own[0]!;
        const { digest, coordinates } = source;
        return [digest, seed, sparsity, coordinates, otherFacts(source), Object.fromEntries(values)];
      }),
    },
    doorOf: ({ line, metric, runs }) => {
      const rests = new Set(runs.flatMap(({ source }) => places.get(source) ?? []));
      return { line, score: metrics.indexOf(metric), sources: [...rests] };
    },
  };
}

function otherFacts({ facts, coordinates }: ScoresSource): Facts {
  return Object.fromEntries(
    Object.entries(facts).filter(([name, value]) => name !== 'sparsity' && coordinates[name] !== value),
  );
}
