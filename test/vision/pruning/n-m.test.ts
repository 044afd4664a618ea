import { describe, expect, it } from 'vitest';
import { nOfM } from '../../../vision/pruning/n-m.ts';

const prune = (
  values: readonly number[],
  shape: readonly number[],
  pattern: string,
  mask?: readonly number[],
) => {
  const masks = new Map([['w', Uint8Array.from(mask ?? values.map(() => 1))]]);
  return [
    ...nOfM
      .prune({
        weights: new Map([['w', Float32Array.from(values)]]),
        masks,
        shapes: new Map([['w', shape]]),
        amount: { kind: 'count', count: 0 },
        seed: 0,
        options: { pattern },
      })
      .get('w')!,
  ];
};

describe('N:M pruning', () => {
  it('keeps the two largest of four consecutive inputs of each output', () => {
    expect(prune([1, -4, 3, 2, 5, 0, -6, 7], [1, 8], '2:4')).toEqual([0, 1, 1, 0, 0, 0, 1, 1]);
    expect(prune([1, -4, 3, 2, 5, 0, -6, 7], [2, 4], '1:4')).toEqual([0, 1, 0, 0, 0, 0, 0, 1]);
  });

  it('groups the input channels of a convolution, at each place of the kernel by itself', () => {
    // [out 1, in 4, height 1, width 2]: places of one group lie two apart.
    expect(prune([1, 8, 2, 7, 3, 6, 4, 5], [1, 4, 1, 2], '2:4')).toEqual([0, 1, 0, 1, 1, 0, 1, 0]);
  });

  it('lets the lower input go of equal magnitudes, and counts what is masked among those that are gone', () => {
    expect(prune([1, -1, 1, 1], [1, 4], '2:4')).toEqual([0, 0, 1, 1]);
    expect(prune([1, -2, 0, 0], [1, 4], '2:4', [1, 1, 0, 0])).toEqual([1, 1, 0, 0]);
    expect(prune([3, 2, 1, 0], [1, 4], '2:4', [1, 1, 1, 0])).toEqual([1, 1, 0, 0]);
  });

  it('reaches layers whose inputs are a multiple of M', () => {
    const reaches = (shape: readonly number[], pattern = '2:4') =>
      nOfM.reaches!({ name: 'w', shape }, { layers: [], options: { pattern } });
    expect([reaches([64, 3, 7, 7]), reaches([64, 64, 1, 1]), reaches([10, 6])]).toEqual([false, true, false]);
    expect(reaches([10, 6], '1:2')).toBe(true);
  });

  it('refuses patterns that prune nothing', () => {
    expect(nOfM.problem!({ pattern: '4:4' })).toMatchObject({ option: 'pattern' });
    expect(nOfM.problem!({ pattern: '2:4' })).toBeUndefined();
  });
});
