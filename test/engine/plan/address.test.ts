import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, matchTasks, parseAddress } from '../../../engine/plan/address.ts';
import { designStudy } from '../support/design-study.ts';
import { plan } from '../support/diagnose.ts';

describe('addresses', () => {
  it('are a name, and coordinates if there are any', () => {
    expect(formatAddress('report', {})).toBe('report');
    expect(formatAddress('lrr/retrain', { seed: 0, step: 3 })).toBe('lrr/retrain@seed=0,step=3');
    expect(formatAddress('a', { set: 'x y,z=1' })).toBe('a@set=x%20y%2Cz%3D1');
  });

  it('come back as they went, whatever the values are', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string({ unit: 'grapheme' })),
        (values) => {
          const parsed = parseAddress(formatAddress('group/task', values));
          expect(parsed.kind).toBe('address');
          if (parsed.kind !== 'address') return;
          expect(parsed.address.name).toBe('group/task');
          expect(new Map(parsed.address.coordinates)).toEqual(new Map(Object.entries(values)));
        },
      ),
    );
  });

  it.each(['', '@', 'a@b', 'a@=1', 'a b', 'a@x=1,x=2', '../x'])('refuses %j', (text) => {
    expect(parseAddress(text).kind).toBe('malformed');
  });

  it('mean everything that matches, in any order of axes, dotted or slashed', async () => {
    const planned = await plan(designStudy);
    const count = (text: string): number => {
      const match = matchTasks(planned, text);
      return match.kind === 'matched' ? match.tasks.length : 0;
    };
    expect(count('heatmaps')).toBe(42);
    expect(count('heatmaps@pool=3')).toBe(6);
    expect(count('heatmaps@pool=3,method=grad-cam,seed=1')).toBe(1);
    expect(count('lrr')).toBe(24);
    expect(count('lrr.retrain@step=2')).toBe(2);
    expect(count('lrr/retrain@step=7')).toBe(0);
  });

  it('say what was probably meant', async () => {
    const planned = await plan(designStudy);
    expect(matchTasks(planned, 'heatmap')).toMatchObject({ hint: "did you mean 'heatmaps'?" });
    expect(matchTasks(planned, 'heatmaps@methd=grad-cam')).toMatchObject({ hint: "did you mean 'method'?" });
    expect(matchTasks(planned, 'heatmaps@method=gradcam')).toMatchObject({
      hint: "did you mean 'grad-cam'?",
    });
  });
});
