import { describe, expect, it } from 'vitest';
import { falseDiscovery } from '../../../vision/statistics/false-discovery.ts';
import { randomFrom } from '../../../vision/random/random.ts';

/** The p values of Benjamini and Hochberg's own example (1995, section 3.2), of which four stand at 5 %. */
const example = [
  0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
  0.759, 1,
];

describe('falseDiscovery', () => {
  it('finds the four of the paper, in whatever order', () => {
    const expected = example.map((_, i) => i < 4);
    expect(falseDiscovery(example, 0.05)).toEqual(expected);
    expect(falseDiscovery([...example].reverse(), 0.05)).toEqual([...expected].reverse());
  });

  it('takes a p above its own line where a larger one is below its', () => {
    expect(falseDiscovery([0.04, 0.045], 0.05)).toEqual([true, true]);
    expect(falseDiscovery([0.04, 0.5], 0.05)).toEqual([false, false]);
    expect(falseDiscovery([], 0.05)).toEqual([]);
  });

  it('finds nothing in most families in which there is nothing', () => {
    let families = 0;
    for (let trial = 0; trial < 300; trial++) {
      const random = randomFrom(5, trial);
      const ps = Array.from({ length: 100 }, () => random.uniform());
      if (falseDiscovery(ps, 0.05).includes(true)) families += 1;
    }
    expect(families / 300).toBeLessThan(0.09);
  });
});
