import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, matchAddress, matchTasks, parseAddress } from '../../../engine/plan/address.ts';
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

  it.each(['', '@', '/', 'a//b', 'a@b', 'a@x=1,,y=2', 'a@=1', 'a b', 'a@x=1,x=2', '../x'])(
    'refuses %j',
    (text) => {
      expect(parseAddress(text).kind).toBe('malformed');
    },
  );

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

  it('may end as completion leaves them', async () => {
    const planned = await plan(designStudy);
    for (const [ends, means] of [
      ['lrr/', 'lrr'],
      ['heatmaps@', 'heatmaps'],
      ['heatmaps@seed=0,', 'heatmaps@seed=0'],
    ] as const)
      expect(matchTasks(planned, ends)).toEqual(matchTasks(planned, means));
  });

  it.each([
    ['heatmap@seed=0', "there is no task 'heatmap'", 'did you mean heatmaps@seed=0?'],
    ['lr', "there is no task 'lr'", 'did you mean lrr?'],
    ['retrain@step=1', "there is no task 'retrain'", 'did you mean lrr/retrain@step=1?'],
    ['heatmaps@methd=grad-cam', "'heatmaps' has no axis 'methd'", "did you mean 'method'?"],
    ['report@seed=0', "'report' has no axis 'seed'", 'it has none: write report'],
    ['heatmaps@method=gradcam', "'heatmaps' has no method=gradcam", 'did you mean method=grad-cam?'],
    ['heatmaps@seed=7', "'heatmaps' has no seed=7", 'there is seed=0, 1'],
    ['heatmaps@seed=0 pool=3', "'heatmaps' has no seed=0 pool=3", 'separated by commas'],
    ['heatmaps@seed=', "'seed' in the address has no value", 'there is seed=0, 1'],
    ['lrr@step=1,pool=3', "'lrr' has no axis 'pool'", 'seed'],
    ['Heatmaps', "'Heatmaps' is not an address", 'did you mean heatmaps?'],
    [
      'heatmaps[0]',
      "'heatmaps[0]' is not an address",
      'did you mean heatmaps? an address is task@axis=value',
    ],
    ['heat*', "'heat*' is not an address", 'a part of one means all that match'],
    ['heatmaps@seed=0,seed=1', "says 'seed' twice", 'task@axis=value'],
  ])('%s: says what is the matter, and what was probably meant', async (text, message, hint) => {
    const match = matchTasks(await plan(designStudy), text);
    expect(match).toMatchObject({
      kind: 'unmatched',
      message: expect.stringContaining(message) as string,
      hint: expect.stringContaining(hint) as string,
    });
  });

  it('name an instance that there is, where coordinates do not go together', () => {
    const tasks = [
      { name: 'a', coordinates: { x: 0, y: 1 } },
      { name: 'a', coordinates: { x: 1, y: 0 } },
    ];
    expect(matchAddress(tasks, 'a@x=1,y=1')).toEqual({
      kind: 'unmatched',
      message: "'a' has no instance with these coordinates together",
      hint: 'there is a@x=0,y=1',
    });
  });
});
