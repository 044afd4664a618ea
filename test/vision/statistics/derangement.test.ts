import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../vision/random/random.ts';
import { derangement } from '../../../vision/statistics/derangement.ts';

describe('derangement', () => {
  it.each([2, 3, 7, 100])('moves each of %i things, and none twice', (n) => {
    for (let seed = 0; seed < 20; seed++) {
      const order = [...derangement(n, randomFrom(seed))!];
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(order.some((place, i) => place === i)).toBe(false);
    }
  });

  it('takes every cycle about equally often, and is the same for a seed', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const key = derangement(4, randomFrom(seed))!.join();
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 100)).toBeLessThan(40);
    expect(derangement(9, randomFrom(3))).toEqual(derangement(9, randomFrom(3)));
  });

  it('has none for one thing', () => {
    expect(derangement(1, randomFrom(0))).toBeUndefined();
    expect(derangement(0, randomFrom(0))).toHaveLength(0);
  });
});
