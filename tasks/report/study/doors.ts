import type { Coordinates, Facts } from '../../../engine/contract/scalar.ts';
import type { Reading, ScoresSource } from '../../readings/reading.ts';
import { metricLabel } from '../page/labels.ts';
import { scoreText } from '../page/numbers.ts';

/** What a drawn value rests on: whose it is, and the scores that it is the mean of, mostly one. */
export interface Door {
  /** Place among the study's lines. */
  readonly line: number;
  readonly members: readonly DoorMember[];
}

export interface DoorMember {
  /** Place in the table's `scores`. */
  readonly score: number;
  /** Places in the table's `sources`: one for each run. */
  readonly sources: readonly number[];
}

/** Every scores artifact that the page draws values of. Marks name its entries by their places. */
export interface DoorTable {
  readonly format: 2;
  /** `name` tells scores of one metric apart. */
  readonly scores: readonly { readonly metric: string; readonly label: string; readonly name: string }[];
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
  /** How many images it scores, with or without a value. */
  images: number,
];

export interface Doors {
  readonly table: DoorTable;
  /** Of a value: the runs that it rests on, a list for each score that it is the mean of. Undefined where there are none. */
  readonly doorOf: (line: number, runs: readonly (readonly Reading[])[]) => Door | undefined;
}

/** Numbers what a study's readings were read from, in their order. `nameOf` is the name of a reading's score within its model. */
export function doorsTo(readings: readonly Reading[], nameOf: (reading: Reading) => string): Doors {
  const scores = new Map<string, Reading>();
  const bySource = new Map<ScoresSource, Reading[]>();
  for (const reading of readings) {
    if (!scores.has(scoreKey(reading))) scores.set(scoreKey(reading), reading);
    const own = bySource.get(reading.source);
    if (own === undefined) bySource.set(reading.source, [reading]);
    else own.push(reading);
  }
  const scorePlaces = new Map([...scores.keys()].map((key, place) => [key, place]));
  const sourcePlaces = new Map([...bySource.keys()].map((source, place) => [source, place]));
  return {
    table: {
      format: 2,
      scores: [...scores.values()].map((reading) => {
        const { metric } = reading;
        return { metric, label: metricLabel(metric), name: nameOf(reading) };
      }),
      sources: [...bySource].map(([source, own]) => {
        const values = own.map((one) => [scorePlaces.get(scoreKey(one))!, scoreText(one.mean, one.unit)]);
        const { seed, sparsity } = own[0]!;
        const { digest, coordinates } = source;
        const told = Object.fromEntries(values) as DoorSource[5];
        return [digest, seed, sparsity, coordinates, otherFacts(source), told, imagesIn(own[0]!)];
      }),
    },
    doorOf: (line, runs) => {
      const members = runs.flatMap((own): DoorMember[] => {
        const [first] = own;
        const sources = [...new Set(own.flatMap(({ source }) => sourcePlaces.get(source) ?? []))];
        return first === undefined ? [] : [{ score: scorePlaces.get(scoreKey(first))!, sources }];
      });
      return members.length === 0 ? undefined : { line, members };
    },
  };
}

/** Those that it was to score; several items may be of one image. */
export function imagesIn({ items, images }: Reading): number {
  return images === undefined ? items.length : new Set(images).size;
}

/** The same for every model. */
function scoreKey({ measure, metric, method, set }: Reading): string {
  return JSON.stringify([measure, metric, method, set]);
}

function otherFacts({ facts, coordinates }: ScoresSource): Facts {
  return Object.fromEntries(
    Object.entries(facts).filter(([name, value]) => name !== 'sparsity' && coordinates[name] !== value),
  );
}
