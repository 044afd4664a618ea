import { describe, expect, it } from 'vitest';
import { openRig } from '../support/rig.ts';

describe('a run', () => {
  it('computes every task, and finds all of them cached the next time', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    const sketch = {
      tasks: {
        a: { options: { text: 'hello', script: '' } },
        b: { options: { text: '', script: 'shout' }, inputs: { from: 'a.out' }, resources: { slots: 1 } },
        c: { options: { text: '', script: 'shout' }, inputs: { all: ['a.out', 'b.out'] } },
      },
    };
    const first = await rig.run(sketch);
    expect(first.outcome).toBe('done');
    expect(first.counts).toEqual({ cached: 0, done: 3, failed: 0, blocked: 0, notRun: 0 });
    expect(await first.text('c')).toBe('HELLO HELLO');

    const second = await rig.run(sketch);
    expect(second.counts.cached).toBe(3);
    expect(second.kinds('b')).toEqual(['task-cached']);
    expect(await second.text('c')).toBe('HELLO HELLO');
  });
});
