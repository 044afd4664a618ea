import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openRig } from '../../support/rig.ts';
import type { PlanSketch, TaskSketch } from '../../support/plans.ts';
import { SmallQueue } from './small-queue.ts';
import { through } from './through.ts';

/** Of each task after the first, which of those before it it reads. */
const readings = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 8, maxLength: 14 });

function planOf(reads: readonly (readonly number[])[]): PlanSketch {
  const tasks = new Map<string, TaskSketch>([['t0', { options: { text: 'word', script: '' } }]]);
  for (const [index, read] of reads.entries()) {
    const from = new Set(read.map((each) => `t${each % (index + 1)}.out`));
    const options = { text: `${index % 5}`, script: from.size === 0 ? '' : 'shout' };
    tasks.set(`t${index + 1}`, { options, inputs: from.size === 0 ? {} : { all: [...from] } });
  }
  return { tasks: Object.fromEntries(tasks) };
}

it('whatever follows what, jobs that go on by themselves make what is made without them, in few jobs', async () => {
  await fc.assert(
    fc.asyncProperty(readings, async (reads) => {
      await using rig = await openRig();
      await using alone = await openRig();
      for (const each of [rig, alone]) await each.script('shout', [{ do: 'shout' }]);
      const plan = planOf(reads);
      const expected = await alone.run(plan);
      await rig.run({ tasks: { any: { options: { text: 'measured', script: '' } } } });
      const queue = new SmallQueue();
      const ran = await rig.run(plan, through(queue));
      expect(ran.counts).toEqual(expected.counts);
      for (const [task, result] of expected.results)
        expect(ran.results.get(task)).toMatchObject('outputs' in result ? { outputs: result.outputs } : {});
      // Whatever can begin at once goes into one job, and all else follows it there.
      expect(queue.submissions).toHaveLength(1);
    }),
    { numRuns: 3, seed: 7 },
  );
});
