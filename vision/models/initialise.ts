import { randomFrom, type Random } from '../random/random.ts';
import { sizeOf } from './layout.ts';
import type { Initialisation } from './model-entry.ts';
import type { StateEntry } from './network.ts';

/**
 * Fresh values of every entry in PyTorch's layout, drawn from `seed`: entry k has the stream (seed, k). Counters are
 * left out. Normal weights follow He et al. 2015, equation 10; biases are PyTorch's Linear's, uniform in
 * ±1 / sqrt(fan-in); norms start as the identity.
 */
export function initialValues(request: {
  readonly entries: readonly StateEntry[];
  readonly initialisation: Initialisation;
  readonly seed: number;
}): ReadonlyMap<string, Float32Array> {
  const { entries, initialisation, seed } = request;
  const values = new Map<string, Float32Array>();
  entries.forEach((entry, index) => {
    if (entry.role === 'counter') return;
    const draw = drawOf(entry, { initialisation, entries, random: randomFrom(seed, index) });
    values.set(entry.name, Float32Array.from({ length: sizeOf(entry.shape) }, draw));
  });
  return values;
}

function drawOf(
  entry: StateEntry,
  from: { initialisation: Initialisation; entries: readonly StateEntry[]; random: Random },
): () => number {
  const { initialisation, entries, random } = from;
  const [out = 1, , ...kernel] = entry.shape;
  switch (entry.role) {
    case 'convolution':
      return normal(random, initialisation === 'fan-out' ? out * sizeOf(kernel) : fanIn(entry));
    case 'linear':
      return initialisation === 'fan-out' ? uniform(random, fanIn(entry)) : normal(random, fanIn(entry));
    case 'bias': {
      const weight = entries.find(({ name }) => name === entry.name.replace(/bias$/, 'weight'));
      // A norm's offset has no fan-in: it starts at zero.
      return weight === undefined || weight.role === 'norm' ? () => 0 : uniform(random, fanIn(weight));
    }
    case 'norm':
      return () => 1;
    case 'buffer':
    case 'counter':
      return entry.name.endsWith('running_var') ? () => 1 : () => 0;
    case 'embedding':
      throw new Error(`no rule draws the embedding '${entry.name}'`);
  }
}

function fanIn(weight: StateEntry): number {
  return sizeOf(weight.shape.slice(1));
}

function normal(random: Random, fan: number): () => number {
  const deviation = Math.sqrt(2 / fan);
  return () => deviation * random.normal();
}

function uniform(random: Random, fan: number): () => number {
  const bound = 1 / Math.sqrt(fan);
  return () => bound * (2 * random.uniform() - 1);
}
