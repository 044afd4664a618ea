import { randomFrom, type Random } from '../random/random.ts';
import { sizeOf } from './layout.ts';
import type { StateEntry } from './network.ts';

/** How a family's fresh weights are drawn: for an entry, what gives its values one after the other. */
export type InitialRule = (
  entry: StateEntry,
  from: { readonly entries: readonly StateEntry[]; readonly random: Random },
) => () => number;

/**
 * Fresh values of every entry in PyTorch's layout, drawn from `seed`: entry k has the stream (seed, k). Counters and
 * constants are left out.
 */
export function initialValues(request: {
  readonly entries: readonly StateEntry[];
  readonly initialisation: InitialRule;
  readonly seed: number;
}): ReadonlyMap<string, Float32Array> {
  const { entries, initialisation, seed } = request;
  const values = new Map<string, Float32Array>();
  entries.forEach((entry, index) => {
    if (entry.role === 'counter' || entry.role === 'constant') return;
    const draw = initialisation(entry, { entries, random: randomFrom(seed, index) });
    values.set(entry.name, Float32Array.from({ length: sizeOf(entry.shape) }, draw));
  });
  return values;
}

/** How many inputs each output of a weight sees. */
export function fanIn(weight: StateEntry): number {
  return sizeOf(weight.shape.slice(1));
}

export function normal(random: Random, deviation: number): () => number {
  return () => deviation * random.normal();
}

/** Uniform in ±bound. */
export function uniform(random: Random, bound: number): () => number {
  return () => bound * (2 * random.uniform() - 1);
}

export function always(value: number): () => number {
  return () => value;
}

/** What norms start as, whatever the family: the identity, with running statistics of 0 and 1. */
export function initialNorm({ role, name }: StateEntry): () => number {
  return always(role === 'norm' || name.endsWith('running_var') ? 1 : 0);
}
