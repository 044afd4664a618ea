import { pruneCount } from './amount.ts';
import { sparsityOf, type Masks } from './masks.ts';
import type { PruneRequest, PruningMethod } from './method.ts';

/**
 * Global unstructured L1 pruning (Han et al. 2015; PyTorch's `global_unstructured` with `L1Unstructured`): the smallest
 * magnitudes among all unmasked weights of the model go. Of equal magnitudes the one of lower flat index goes first.
 */
export const globalMagnitude: PruningMethod = {
  name: 'global-magnitude',
  summary: 'the smallest magnitudes over all layers together',
  seeded: false,
  prune: pruneSmallest,
};

function pruneSmallest({ weights, masks, amount }: PruneRequest): Masks {
  const { pruned, total } = sparsityOf(masks);
  const count = pruneCount(total - pruned, amount);
  const { threshold, ties } = select(weights, masks, count);
  let left = ties;
  const result = new Map<string, Uint8Array>();
  for (const [name, values] of weights) {
    const mask = masks.get(name)!.slice();
    const keys = magnitudeKeys(values);
    for (let index = 0; index < mask.length; index += 1) {
      if (mask[index] === 0 || keys[index]! > threshold) continue;
      if (keys[index]! === threshold) {
        if (left === 0) continue;
        left -= 1;
      }
      mask[index] = 0;
    }
    result.set(name, mask);
  }
  return result;
}

/**
 * The magnitude below which all go, and how many of exactly that magnitude go too. A radix selection: float32 bits
 * without the sign order like the magnitudes, so two counting passes of 16 bits find the exact value in linear time.
 */
function select(
  weights: ReadonlyMap<string, Float32Array>,
  masks: Masks,
  count: number,
): { readonly threshold: number; readonly ties: number } {
  const high = countAlive(weights, masks, (key) => key >>> 16);
  const [bucket, below] = bucketOf(high, count);
  const low = countAlive(weights, masks, (key) => (key >>> 16 === bucket ? key & 0xffff : -1));
  const [rest, belowRest] = bucketOf(low, count - below);
  return { threshold: bucket * 0x10000 + rest, ties: count - below - belowRest };
}

/** The first bucket in which the running count reaches `count`, and the count before it. */
function bucketOf(counts: Float64Array, count: number): readonly [number, number] {
  let below = 0;
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    if (below + counts[bucket]! >= count) return [bucket, below];
    below += counts[bucket]!;
  }
  throw new Error(`fewer than ${count} weights are left`);
}

function countAlive(
  weights: ReadonlyMap<string, Float32Array>,
  masks: Masks,
  bucketOfKey: (key: number) => number,
): Float64Array {
  const counts = new Float64Array(0x10000);
  for (const [name, values] of weights) {
    const mask = masks.get(name)!;
    const keys = magnitudeKeys(values);
    for (let index = 0; index < keys.length; index += 1) {
      if (mask[index] === 0) continue;
      const bucket = bucketOfKey(keys[index]!);
      if (bucket >= 0) counts[bucket]! += 1;
    }
  }
  return counts;
}

function magnitudeKeys(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length).map((bits) => bits & 0x7fffffff);
}
