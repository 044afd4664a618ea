import { describe, expect, it } from 'vitest';
import { sparsityOf } from '../../../vision/pruning/masks.ts';
import { randomGlobal } from '../../../vision/pruning/random-global.ts';

const weights = new Map([
  ['a', new Float32Array(600)],
  ['b', new Float32Array(400)],
]);
const full = new Map([...weights].map(([name, values]) => [name, new Uint8Array(values.length).fill(1)]));
const prune = (masks: ReadonlyMap<string, Uint8Array>, seed: number) =>
  randomGlobal.prune({ weights, masks, amount: { kind: 'fraction', fraction: 0.2 }, seed });

describe('random pruning', () => {
  it('takes the exact share, spread evenly, and keeps what was pruned', () => {
    const first = prune(full, 1);
    const second = prune(first, 1);
    expect(sparsityOf(first).pruned).toBe(200);
    expect(sparsityOf(second).pruned).toBe(360);
    expect(Math.abs(sparsityOf(new Map([['a', first.get('a')!]])).pruned - 120)).toBeLessThan(25);
    for (const [name, mask] of first)
      expect(second.get(name)!.every((alive, index) => alive === 0 || mask[index] === 1)).toBe(true);
  });

  it('depends on the seed alone', () => {
    expect(prune(full, 1)).toEqual(prune(full, 1));
    expect(prune(full, 2)).not.toEqual(prune(full, 1));
  });
});
