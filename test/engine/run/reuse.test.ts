import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { taskId } from '../../../engine/plan/plan.ts';
import { openRig } from '../support/rig.ts';
import type { Ran } from '../support/rig.ts';
import type { PlanSketch, TaskSketch } from '../support/plans.ts';

const note = (text: string): TaskSketch => ({ options: { text, script: '' } });
const shouting = (from: string, more: Partial<TaskSketch> = {}): TaskSketch => ({
  options: { text: '', script: 'shout' },
  inputs: { from },
  ...more,
});

async function digestOf(ran: Ran, task: string): Promise<string> {
  const result = ran.results.get(taskId(task));
  await Promise.resolve();
  return result !== undefined && 'outputs' in result ? (result.outputs['out'] ?? '') : '';
}

describe('results that stand', () => {
  it('stop the wave where a task runs again and comes out the same', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    const sketch = (text: string): PlanSketch => ({
      tasks: {
        a: note(text),
        b: shouting('a.out'),
        c: shouting('b.out', { options: { text: '', script: 'shout', volume: 4 } }),
      },
    });
    await rig.run(sketch('same'));
    const ran = await rig.run(sketch('SAME'));
    expect(['a', 'b', 'c'].map((task) => ran.state(task))).toEqual(['done', 'done', 'cached']);
  });

  it('are computed once for two tasks with one key', async () => {
    await using rig = await openRig();
    await rig.script('mark', [{ do: 'mark', file: 'marks', line: 'ran' }]);
    const one = { options: { text: 'x', script: 'mark' }, resources: { slots: 1 } };
    const ran = await rig.run({ tasks: { a: one, b: one, c: one } });
    expect(ran.counts).toMatchObject({ done: 1, cached: 2 });
    expect(await rig.lines('marks')).toEqual(['ran']);
  });

  it('serve without their bytes, until somebody reads them', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    const sketch = { tasks: { a: note('hello'), b: shouting('a.out') } };
    const first = await rig.run(sketch);
    await rig.store.artifacts.drop((await digestOf(first, 'a')) as never);
    expect((await rig.run(sketch)).counts.cached).toBe(2);

    const more = await rig.run({ tasks: { ...sketch.tasks, c: shouting('a.out', { kind: 'pair' }) } });
    expect(more.kinds('a')).toContain('task-done');
    expect(more.state('b')).toBe('cached');
    // `pair` promises another output, which the script does not write: what matters is that it could read.
    expect(more.failure('c')?.message).toMatch(/output 'other'/);
  });

  it('are followed when bytes that were lost come out otherwise', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    await rig.script('volatile', [{ do: 'write', text: 'one' }]);
    const volatile = { options: { text: '', script: 'volatile' } };
    const sketch = { tasks: { a: volatile, b: shouting('a.out') } };
    const first = await rig.run(sketch);
    expect(await first.text('b')).toBe('ONE');
    await rig.store.artifacts.drop((await digestOf(first, 'a')) as never);
    await rig.script('volatile', [{ do: 'write', text: 'two' }]);

    const ran = await rig.run({
      tasks: { ...sketch.tasks, c: shouting('a.out', { options: { text: 'c', script: 'shout' } }) },
    });
    expect(ran.events).toContainEqual(
      expect.objectContaining({
        kind: 'warning',
        task: 'a',
        message: expect.stringContaining('2 tasks follow') as string,
      }),
    );
    expect(await ran.text('c')).toBe('TWO');
    expect(await ran.text('b')).toBe('TWO');
  });

  it('lose their bytes once used, where they are kept until then', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    const tasks = {
      a: { ...note('large'), keep: { out: 'until-used' as const } },
      b: shouting('a.out'),
      c: shouting('b.out'),
    };
    const ran = await rig.run({ tasks });
    expect(await rig.store.artifacts.isComplete((await digestOf(ran, 'a')) as never)).toBe(false);
    expect(await rig.store.artifacts.isComplete((await digestOf(ran, 'b')) as never)).toBe(true);
    expect((await rig.run({ tasks })).counts.cached).toBe(3);
  });

  it('are asked for only as far as `only` says', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    const ran = await rig.run(
      { tasks: { a: note('a'), b: shouting('a.out'), c: shouting('b.out'), d: note('d') } },
      { only: [taskId('b')] },
    );
    expect([...ran.results.keys()].sort()).toEqual(['a', 'b']);
    expect(ran.outcome).toBe('done');
  });
});

describe('data', () => {
  const reading = (root: string, script: string): PlanSketch => ({
    data: { set: { adapter: 'folder', root, options: { files: ['x'] } } },
    tasks: { a: { options: { text: 'read', script }, inputs: { data: 'data:set' } } },
  });

  it('is known by content: a stray file and another place change nothing', async () => {
    await using rig = await openRig();
    await writeFile(join(rig.studyDir, 'x'), 'content');
    await rig.run(reading(rig.studyDir, ''));
    await writeFile(join(rig.studyDir, 'stray'), '');
    expect((await rig.run(reading(rig.studyDir, ''))).state('a')).toBe('cached');
    await writeFile(join(rig.studyDir, 'x'), 'changed');
    expect((await rig.run(reading(rig.studyDir, ''))).state('a')).toBe('done');
  });

  it('that changes while a task reads it has the result withheld', async () => {
    await using rig = await openRig();
    await writeFile(join(rig.studyDir, 'x'), 'content');
    await rig.script('touch', [{ do: 'mark', file: 'x', line: 'more' }]);
    const sketch = reading(rig.studyDir, 'touch');
    const ran = await rig.run(sketch);
    expect(ran.failure('a')).toMatchObject({ class: 'data-changed' });
    expect((await rig.run(reading(rig.studyDir, ''))).state('a')).toBe('done');
  });

  it('that is not there ends the run as the machine’s fault', async () => {
    await using rig = await openRig();
    const ran = await rig.run(reading(join(rig.studyDir, 'nowhere'), ''));
    expect(ran.outcome).toBe('machine');
    expect(ran.failure('a')?.message).toMatch(/there is no folder/);
  });
});
