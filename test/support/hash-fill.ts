import type { StateEntry } from '../../vision/models/network.ts';

/** The fill that reference cases share: values that any language computes bit by bit from a seed and an index. */
export function hashFill(request: {
  seed: number;
  count: number;
  scale: number;
  offset?: number;
}): Float32Array {
  const { seed, count, scale, offset = 0 } = request;
  const salt = mix(seed >>> 0);
  return Float32Array.from({ length: count }, (_, index) => offset + scale * (2 * uniform(salt, index) - 1));
}

/** u(seed, index) in [0, 1). */
export function hashUniform(seed: number, index: number): number {
  return uniform(mix(seed >>> 0), index);
}

/** The fill of a state dict's entry k for a model seed, by the entry's name and shape; undefined for counters and constants. */
export function hashFilledEntry(entry: StateEntry, k: number, modelSeed: number): Float32Array | undefined {
  if (entry.role === 'counter' || entry.role === 'constant') return undefined;
  const count = entry.shape.reduce((product, side) => product * side, 1);
  const seed = modelSeed * 1_000_003 + k + 1;
  return hashFill({ seed, count, ...rangeOf(entry) });
}

function rangeOf({ name, shape }: StateEntry): { scale: number; offset: number } {
  if (name.endsWith('running_mean')) return { scale: 0.2, offset: 0 };
  if (name.endsWith('running_var')) return { scale: 0.5, offset: 1 };
  if (name.endsWith('logit_scale')) return { scale: 0.5, offset: Math.log(10) };
  if (name.endsWith('class_token') || name.endsWith('pos_embedding')) return { scale: 0.5, offset: 0 };
  if (name.endsWith('bias')) return { scale: 0.1, offset: 0 };
  if (shape.length === 1) return { scale: 0.3, offset: 0.7 };
  const fanIn = shape.slice(1).reduce((product, side) => product * side, 1);
  return { scale: (shape.length === 4 ? Math.SQRT2 : 1) * Math.sqrt(3 / fanIn), offset: 0 };
}

function uniform(salt: number, index: number): number {
  return mix(Math.imul(index + 1, 0x9e3779b1) ^ salt) / 2 ** 32;
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
