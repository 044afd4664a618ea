import type { ActionResult } from '../../cache/action-store.ts';
import { canonicalJson } from '../../cache/canonical-json.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';

/** Durations of earlier tasks, for order and for estimates. */
export interface Durations {
  /** Median in milliseconds: of the same kind, traits and device class, or else as near as there are any; or undefined. */
  estimate(task: DurationQuery): number | undefined;
  /** The most that any task of this kind and these traits has taken, on whatever device. */
  longest(task: Pick<DurationQuery, 'kind' | 'traits'>): number | undefined;
  /** Whether any task of this kind and these traits has ever been computed. */
  isKnown(task: Pick<DurationQuery, 'kind' | 'traits'>): boolean;
}

export interface DurationQuery {
  readonly kind: string;
  readonly traits: JsonObject;
  readonly deviceClass: string;
}

/** Reads every action result of the store once. */
export async function readDurations(store: Store): Promise<Durations> {
  const results: ActionResult[] = [];
  for await (const result of store.actions.list()) results.push(result);
  return durationsOf(results);
}

export function durationsOf(results: Iterable<ActionResult>): Durations {
  const samples = new Map<string, number[]>();
  for (const { provenance } of results) {
    const { kind, traits = {}, deviceClass, durationMs } = provenance;
    for (const group of groupsOf({ kind, traits, deviceClass })) {
      const sample = samples.get(group);
      if (sample === undefined) samples.set(group, [durationMs]);
      else sample.push(durationMs);
    }
  }
  const medians = new Map<string, number>();
  for (const [group, sample] of samples) medians.set(group, median(sample));
  // Nothing is known of anything.
  if (medians.size === 0)
    return { estimate: () => undefined, longest: () => undefined, isKnown: () => false };
  return {
    estimate: (task) => {
      for (const group of groupsOf(task)) {
        const known = medians.get(group);
        if (known !== undefined) return known;
      }
      return undefined;
    },
    longest: (task) => samples.get(groupOnAny(task))?.reduce((most, ms) => Math.max(most, ms)),
    isKnown: (task) => medians.has(groupOnAny(task)),
  };
}

/** From the narrowest to the widest. */
function groupsOf({ kind, traits, deviceClass }: DurationQuery): readonly [string, string, string] {
  const traitsText = canonicalJson(traits);
  return [`${kind} ${traitsText} ${deviceClass}`, `${kind} ${traitsText}`, kind];
}

/** The tasks of a kind and traits, whatever they ran on. */
function groupOnAny({ kind, traits }: Pick<DurationQuery, 'kind' | 'traits'>): string {
  return groupsOf({ kind, traits, deviceClass: '' })[1];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}
