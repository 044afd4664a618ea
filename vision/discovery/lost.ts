import { affinities } from './affinity.ts';
import type { PatchFeatures } from './affinity.ts';
import { componentAround } from './component.ts';
import type { GridBox } from './component.ts';

export interface LostRequest {
  /** Row by row over the grid: patch index = row * columns + column. */
  readonly features: PatchFeatures;
  readonly rows: number;
  readonly columns: number;
  /** How many patches of lowest degree may join the seed; default 100. */
  readonly k?: number;
}

export type LostResult =
  | {
      readonly kind: 'found';
      /** Patch that the object grew from. */
      readonly seed: number;
      /** Patches by rising degree; the lower index first among equals. */
      readonly order: readonly number[];
      /** Per patch: how many other patches have a positive affinity with it. */
      readonly degrees: readonly number[];
      /** Patches whose rows were summed, the seed first. */
      readonly similar: readonly number[];
      /** Per patch: sum of its affinities with the similar patches; the object is where it is positive. */
      readonly votes: Float64Array;
      readonly box: GridBox;
    }
  /** A patch without any features has no affinity even with itself, so that no object can grow from it. */
  | { readonly kind: 'zero-feature'; readonly patch: number };

/** LOST: one object of an image from its patch features (Siméoni et al. 2021, section 3.2). */
export function localiseObject({ features, rows, columns, k = 100 }: LostRequest): LostResult {
  const { count } = features;
  if (count !== rows * columns) throw new RangeError(`${count} patches do not fill ${rows} x ${columns}`);
  const affinity = affinities(features);
  for (let patch = 0; patch < count; patch++) {
    if (!(affinity[patch * count + patch]! > 0)) return { kind: 'zero-feature', patch };
  }
  // Patches of objects correlate with few others, those of the background with many (section 3.1).
  const degrees = degreesOf(affinity, count);
  const order = degrees.map((_, patch) => patch).sort((a, b) => degrees[a]! - degrees[b]! || a - b);
  const seed = order[0]!;
  // Seed expansion: of the k patches of lowest degree, those that correlate with the seed (eq. 4).
  const similar = order.slice(0, k).filter((patch) => affinity[seed * count + patch]! > 0);
  // Each patch asks all of them (eq. 5); the object is the connected part of the yes that holds the seed.
  const votes = votesOf(affinity, similar, count);
  const box = componentAround({ isInside: (patch) => votes[patch]! > 0, start: seed, rows, columns });
  return { kind: 'found', seed, order, degrees, similar, votes, box };
}

function degreesOf(affinity: Float64Array, count: number): number[] {
  return Array.from({ length: count }, (_, patch) => {
    let degree = 0;
    for (let other = 0; other < count; other++) {
      if (other !== patch && affinity[patch * count + other]! > 0) degree++;
    }
    return degree;
  });
}

function votesOf(affinity: Float64Array, similar: readonly number[], count: number): Float64Array {
  const votes = new Float64Array(count);
  for (const voter of similar) {
    for (let patch = 0; patch < count; patch++) votes[patch]! += affinity[voter * count + patch]!;
  }
  return votes;
}
