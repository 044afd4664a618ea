import { describe, expect, it } from 'vitest';
import type { ActionResult } from '../../../cache/action-store.ts';
import { digestOf, taskKeyOf } from '../../../cache/digest.ts';
import type { PlannedTask } from '../../../engine/plan/plan.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { Board } from '../../../engine/run/board.ts';
import { durationsOf } from '../../../engine/run/durations.ts';
import { criticalPaths } from '../../../engine/run/priorities.ts';
import { TaskQueue } from '../../../engine/run/task-queue.ts';
import type { QueuedAttempt } from '../../../engine/run/task-queue.ts';
import { sketchPlan } from '../support/plans.ts';

const took = (
  kind: string,
  durationMs: number,
  more: Partial<ActionResult['provenance']> = {},
): ActionResult => ({
  format: 1,
  key: taskKeyOf(digestOf(`${kind} ${durationMs}`)),
  outputs: {},
  provenance: {
    kind,
    startedAt: '2024-01-01T00:00:00.000Z',
    durationMs,
    deviceClass: 'cpu-t1',
    backend: 'cpu',
    versions: {},
    traits: { model: 'small' },
    ...more,
  },
});

describe('durations', () => {
  const durations = durationsOf([
    took('train', 10),
    took('train', 30),
    took('train', 500),
    took('train', 7, { deviceClass: 'gpu-h200' }),
    took('train', 90, { traits: { model: 'large' } }),
  ]);

  it.each([
    ['the median of the like', { model: 'small' }, 'cpu-t1', 30],
    ['of the same device', { model: 'small' }, 'gpu-h200', 7],
    ['of another device, for want of better', { model: 'large' }, 'gpu-h200', 90],
    ['of the kind, for want of better', { model: 'huge' }, 'cpu-t1', 30],
  ])('are %s', (_, traits, deviceClass, expected) => {
    expect(durations.estimate({ kind: 'train', traits, deviceClass })).toBe(expected);
  });

  it('are not known of what never ran', () => {
    expect(durations.estimate({ kind: 'prune', traits: {}, deviceClass: 'cpu-t1' })).toBeUndefined();
    expect(durations.isKnown({ kind: 'train', traits: { model: 'huge' } })).toBe(false);
    expect(durations.isKnown({ kind: 'train', traits: { model: 'large' } })).toBe(true);
  });
});

describe('the order of starting', () => {
  const plan = sketchPlan({
    tasks: { long: {}, short: {}, next: { needs: ['short'] }, last: { needs: ['next', 'long'] } },
  });
  const paths = (known: Record<string, number>): Record<string, number> =>
    Object.fromEntries(criticalPaths(plan, (task) => known[task.id]));

  it('follows the number of tasks to come where nothing is known', () => {
    expect(paths({})).toEqual({ long: 2, short: 3, next: 2, last: 1 });
  });

  it('follows the time to come where it is known, the unknown counting as usual', () => {
    expect(paths({ long: 100, short: 1, next: 1 })).toEqual({ long: 134, short: 36, next: 35, last: 34 });
  });

  it('is that of the queue, first come first served among equals', () => {
    const priorities = new Map([
      ['a', 1],
      ['b', 3],
      ['c', 1],
      ['d', 2],
    ]);
    const queue = new TaskQueue((task) => priorities.get(task.id) ?? 0);
    for (const id of priorities.keys())
      queue.add({ task: { id: taskId(id) } as PlannedTask } as QueuedAttempt);
    const order = (): string =>
      queue
        .first(9)
        .map((each) => each.task.id)
        .join('');
    expect(order()).toBe('bdac');
    priorities.set('c', 9);
    queue.reorder();
    expect(order()).toBe('cbda');
  });
});

describe('the board', () => {
  const plan = sketchPlan({
    tasks: { a: {}, b: { needs: ['a'] }, c: { needs: ['a', 'b'] }, d: {}, e: { needs: ['c', 'd'] } },
  });
  const done = { kind: 'done', key: taskKeyOf(digestOf('')), outputs: {} } as const;
  const ids = (tasks: readonly PlannedTask[]): readonly string[] => tasks.map((task) => task.id);

  it('has a task ready when all it needs is there', () => {
    const board = new Board(plan, undefined);
    expect(ids(board.ready())).toEqual(['a', 'd']);
    expect(ids(board.succeed(taskId('a'), done))).toEqual(['b']);
    expect(ids(board.succeed(taskId('b'), done))).toEqual(['c']);
    expect(board.isComplete).toBe(false);
  });

  it('blocks all that follows a failure, once', () => {
    const board = new Board(plan, undefined);
    board.succeed(taskId('a'), done);
    const failed = { kind: 'failed', failure: { class: 'task', message: '' } } as const;
    expect([...board.fail(taskId('b'), failed)].sort()).toEqual(['c', 'e']);
    expect(board.fail(taskId('d'), failed)).toEqual([]);
    expect(board.counts()).toEqual({ cached: 0, done: 1, failed: 2, blocked: 2, notRun: 0 });
  });

  it('wants what is asked for and what that needs', () => {
    expect([...new Board(plan, [taskId('c')]).wanted]).toEqual(['a', 'b', 'c']);
  });
});
