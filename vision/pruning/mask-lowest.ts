import type { Masks } from './masks.ts';

/**
 * Masks the `count` lowest magnitudes among the unmasked values of all entries together. Of equal magnitudes the one of
 * lower flat index goes first, entries in their order. Linear time: a radix selection, since float32 bits without the
 * sign order like the magnitudes; two counting passes of 16 bits find the exact value at which to cut.
 */
export function maskLowest(
  values: ReadonlyMap<string, Float32Array>,
  masks: Masks,
  count: number,
): Map<string, Uint8Array> {
  const { threshold, ties } = cutOf(values, masks, count);
  let tiesLeft = ties;
  const result = new Map<string, Uint8Array>();
  for (const [name, entry] of values) {
    const mask = masks.get(name)!.slice();
    const keys = bitsOf(entry);
    for (let index = 0; index < mask.length; index += 1) {
      const key = keys[index]! & magnitudeBits;
      if (key > threshold || mask[index] === 0) continue;
      if (key === threshold) {
        if (tiesLeft === 0) continue;
        tiesLeft -= 1;
      }
      mask[index] = 0;
    }
    result.set(name, mask);
  }
  return result;
}

const magnitudeBits = 0x7fffffff;

/** The magnitude's bits below which all go, and how many of exactly that magnitude go too. */
function cutOf(
  values: ReadonlyMap<string, Float32Array>,
  masks: Masks,
  count: number,
): { readonly threshold: number; readonly ties: number } {
  const high = new Uint32Array(0x8000);
  for (const [name, entry] of values) {
    const mask = masks.get(name)!;
    const keys = bitsOf(entry);
    for (let index = 0; index < keys.length; index += 1)
      if (mask[index] !== 0) high[(keys[index]! & magnitudeBits) >>> 16]! += 1;
  }
  const [bucket, below] = bucketOf(high, count);
  const low = new Uint32Array(0x10000);
  for (const [name, entry] of values) {
    const mask = masks.get(name)!;
    const keys = bitsOf(entry);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index]! & magnitudeBits;
      if (key >>> 16 === bucket && mask[index] !== 0) low[key & 0xffff]! += 1;
    }
  }
  const [rest, belowRest] = bucketOf(low, count - below);
  return { threshold: bucket * 0x10000 + rest, ties: count - below - belowRest };
}

/** The first bucket in which the running count reaches `count`, and the count before it. */
function bucketOf(counts: Uint32Array, count: number): readonly [number, number] {
  let below = 0;
  for (let bucket = 0; bucket < counts.length; bucket += 1) {
    if (below + counts[bucket]! >= count) return [bucket, below];
    below += counts[bucket]!;
  }
  throw new Error(`fewer than ${count} weights are left`);
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
