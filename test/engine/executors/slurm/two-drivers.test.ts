import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openRig } from '../../support/rig.ts';
import type { Ran, Rig } from '../../support/rig.ts';
import type { PlanSketch } from '../../support/plans.ts';
import { SmallQueue } from './small-queue.ts';
import { through } from './through.ts';

const names = ['a', 'b', 'c'];

async function markedTasks(rig: Rig): Promise<PlanSketch> {
  for (const name of names)
    await rig.script(name, [
      { do: 'mark', file: 'begun', line: name },
      { do: 'write', text: name },
    ]);
  const tasks = names.map((name) => [name, { options: { text: name, script: name } }]);
  return { tasks: Object.fromEntries(tasks) as PlanSketch['tasks'] };
}

interface TwoRuns {
  readonly queue: SmallQueue;
  readonly first: Promise<Ran>;
  readonly second: Promise<Ran>;
  readonly drains: readonly [AbortController, AbortController];
}

/** One whose jobs wait in the queue, and another that waits for those. */
async function twoRuns(rig: Rig): Promise<TwoRuns> {
  const queue = new SmallQueue();
  queue.isFull = true;
  const sketch = await markedTasks(rig);
  const drains = [new AbortController(), new AbortController()] as const;
  const first = rig.run(sketch, { ...through(queue), drainSignal: drains[0].signal });
  while (queue.submissions.length === 0) await delay(50);
  let adopted = 0;
  let second: Promise<Ran> | undefined;
  await new Promise<void>((resolve) => {
    second = rig.run(sketch, {
      ...{ ...through(queue), drainSignal: drains[1].signal },
      onEvent: ({ kind }) => {
        if (kind === 'warning' && ++adopted === names.length) resolve();
      },
    });
  });
  return { queue, first, second: second!, drains };
}

describe('two drivers of one study on one cluster', () => {
  it.concurrent('compute nothing twice, and none fails', async () => {
    await using rig = await openRig();
    const queue = new SmallQueue();
    const sketch = await markedTasks(rig);
    const ran = await Promise.all([1, 2].map(() => rig.run(sketch, through(queue))));
    expect(ran.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
    expect([...(await rig.lines('begun'))].sort()).toEqual(names);
  });

  it.concurrent('are not hurt by the one that is drained and had submitted the jobs', async () => {
    await using rig = await openRig();
    const { queue, first, second, drains } = await twoRuns(rig);
    drains[0].abort();
    expect((await first).outcome).toBe('interrupted');
    queue.release();
    expect((await second).outcome).toBe('done');
    expect([...(await rig.lines('begun'))].sort()).toEqual(names);
  });

  it.concurrent('are not hurt by the one that is drained and only waits for the jobs', async () => {
    await using rig = await openRig();
    const { queue, first, second, drains } = await twoRuns(rig);
    drains[1].abort();
    expect((await second).outcome).toBe('interrupted');
    queue.release();
    const ran = await first;
    expect(ran.outcome).toBe('done');
    expect(queue.submissions).toHaveLength(1);
    expect([...(await rig.lines('begun'))].sort()).toEqual(names);
  });
});
