import { affinityOf } from './affinity.ts';
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
  /** Degrees of the patches where they are known; else computed here, in float64. */
  readonly degrees?: readonly number[];
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
  | { readonly kind: 'zero-feature'; readonly patch: number }
  /** A patch has features that are no numbers or beyond them: nothing can be compared with it. */
  | { readonly kind: 'infinite-feature'; readonly patch: number };

/** LOST: one object of an image from its patch features (Siméoni et al. 2021, section 3.2). */
export function localiseObject(request: LostRequest): LostResult {
  const { features, rows, columns, k = 100 } = request;
  const { count } = features;
  if (count !== rows * columns) throw new RangeError(`${count} patches do not fill ${rows} x ${columns}`);
  const zero = firstPatch(features, isZero);
  if (zero !== undefined) return { kind: 'zero-feature', patch: zero };
  const affinity = affinityOf(features);
  // Patches of objects correlate with few others, those of the background with many (section 3.1).
  const degrees = request.degrees ?? affinity.degrees();
  const order = degrees.map((_, patch) => patch).sort((a, b) => degrees[a]! - degrees[b]! || a - b);
  const seed = order[0]!;
  // Seed expansion: of the k patches of lowest degree, those that correlate with the seed (eq. 4).
  const candidates = order.slice(0, k);
  const toSeed = affinity.of(seed, candidates);
  const similar = candidates.filter((_, place) => toSeed[place]! > 0);
  // Each patch asks all of them (eq. 5); the object is the connected part of the yes that holds the seed.
  const votes = affinity.with(similar);
  // What is infinite, or no number, shows in its own vote at the latest.
  if (!votes.every(Number.isFinite)) {
    const infinite = firstPatch(features, isInfinite);
    if (infinite !== undefined) return { kind: 'infinite-feature', patch: infinite };
  }
  const box = componentAround({ isInside: (patch) => votes[patch]! > 0, start: seed, rows, columns });
  return { kind: 'found', seed, order, degrees, similar, votes, box };
}

/** Whether the values from one place to another are of some kind. */
type Holds = (values: Float32Array | Float64Array, from: number, to: number) => boolean;

const isZero: Holds = (values, from, to) => {
  for (let k = from; k < to; k++) if (values[k] !== 0) return false;
  return true;
};

const isInfinite: Holds = (values, from, to) => {
  for (let k = from; k < to; k++) if (!Number.isFinite(values[k])) return true;
  return false;
};

function firstPatch({ count, size, data }: PatchFeatures, holds: Holds): number | undefined {
  for (let patch = 0; patch < count; patch++) {
    if (holds(data, patch * size, (patch + 1) * size)) return patch;
  }
  return undefined;
}
