import type { Random } from '../random/random.ts';
import type { Masks } from './masks.ts';

/**
 * Masks `count` of the unmasked weights of the entries `names` together, chosen uniformly. Selection sampling (Knuth, The
 * Art of Computer Programming 2, 3.4.2, algorithm S): one pass, exactly `count` chosen.
 */
export function maskRandom(
  names: Iterable<string>,
  masks: Masks,
  { left, count, random }: { readonly left: number; readonly count: number; readonly random: Random },
): Map<string, Uint8Array> {
  let alive = left;
  let wanted = count;
  const result = new Map<string, Uint8Array>();
  for (const name of names) {
    const mask = masks.get(name)!.slice();
    for (let index = 0; index < mask.length; index += 1) {
      if (mask[index] === 0) continue;
      if (random.uniform() * alive < wanted) {
        mask[index] = 0;
        wanted -= 1;
      }
      alive -= 1;
    }
    result.set(name, mask);
  }
  return result;
}
