import { createHash } from 'node:crypto';
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

export interface DoorSource {
  /** Stays the same on every page that shows this artifact at this place, so that a point can be cited. */
  readonly id: string;
  readonly digest: string;
  readonly coordinates: Coordinates;
  readonly facts: Facts;
  readonly seed: string;
  readonly sparsity: number;
  /** Of each score that it holds, by the score's place: as the page writes it. */
  readonly values: { readonly [score: number]: string };
}

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
  const places = new Map<ScoresSource, number>();
  const sources: (DoorSource & { readonly values: { [score: number]: string } })[] = [];
  for (const reading of readings) {
    const place = places.get(reading.source) ?? sources.push(sourceOf(reading)) - 1;
    places.set(reading.source, place);
    sources[place]!.values[metrics.indexOf(reading.metric)] = scoreText(reading.mean, reading.unit);
  }
  return {
    table: { format: 1, scores: metrics.map((metric) => ({ metric, label: metricLabel(metric) })), sources },
    doorOf: ({ line, metric, runs }) => {
      const rests = [...new Set(runs.flatMap(({ source }) => places.get(source) ?? []))];
      return { line, score: metrics.indexOf(metric), sources: rests };
    },
  };
}

function sourceOf({ source, seed, sparsity }: Reading): DoorSource & { values: { [score: number]: string } } {
  const { digest, coordinates, facts } = source;
  const id = createHash('sha256')
    .update(JSON.stringify([digest, coordinates]))
    .digest('hex')
    .slice(0, 10);
  return { id, digest, coordinates, facts, seed, sparsity, values: {} };
}
