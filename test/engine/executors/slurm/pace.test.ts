import { describe, expect, it } from 'vitest';
import { Pace } from '../../../../engine/executors/slurm/pace.ts';

describe('the pace of submissions', () => {
  it('is at most so many in any minute', () => {
    const pace = new Pace({ perMinute: 2 });
    pace.submitted(0);
    pace.submitted(1_000);
    expect(pace.allows(2_000)).toBe(false);
    expect(pace.allows(59_999)).toBe(false);
    expect(pace.allows(60_000)).toBe(true);
    pace.submitted(60_000);
    expect(pace.allows(60_500)).toBe(false);
    expect(pace.allows(61_000)).toBe(true);
  });

  it('pauses longer after each refusal, up to the longest, and not at all after a success', () => {
    const pace = new Pace({ perMinute: 100, longestPauseMs: 10_000 });
    expect([0, 1, 2, 3, 4].map(() => pace.refused(0))).toEqual([2_000, 4_000, 8_000, 10_000, 10_000]);
    expect(pace.allows(9_999)).toBe(false);
    expect(pace.allows(10_000)).toBe(true);
    pace.submitted(10_000);
    expect(pace.refusals).toBe(0);
    expect(pace.refused(10_000)).toBe(2_000);
  });
});
