import { expect, it } from 'vitest';
import { durationsOf } from '../../../engine/run/durations.ts';
import { TaskTimes } from '../../../engine/run/task-times.ts';
import { sketchPlan } from '../support/plans.ts';
import { openRig } from '../support/rig.ts';

const task = (name: string, model = 'a'): { name: string; kind: string; traits: { model: string } } => ({
  ...{ name, kind: 'train' },
  traits: { model },
});

function took(
  durationMs: number,
  deviceClass: string,
): Parameters<typeof durationsOf>[0] extends Iterable<infer R> ? R : never {
  const provenance = {
    ...{ kind: 'train', startedAt: '', durationMs, deviceClass },
    backend: 'none',
  } as const;
  return {
    format: 1,
    key: '',
    outputs: {},
    provenance: { ...provenance, versions: {}, traits: { model: 'a' } },
  } as never;
}

it('what a task takes is known from its like in the run, else from its kind and traits, and else not at all', async () => {
  await using rig = await openRig();
  const times = new TaskTimes({
    readDurations: () =>
      Promise.resolve(durationsOf([took(10, 'cpu-t1'), took(20, 'cpu-t1'), took(900, 'gpu-x')])),
    ...{ runsDir: rig.store.runsDir, plan: sketchPlan({ tasks: {} }), except: '' },
  });
  expect(times.of(task('dense'))).toBeUndefined();
  await times.learn();
  expect(times.of(task('dense'))).toEqual({ usualMs: 20, longestMs: 900 });
  expect(times.of(task('dense', 'wide'))).toBeUndefined();
  times.note(task('dense', 'wide'), 100);
  times.note(task('dense', 'wide'), 300);
  expect(times.of(task('dense', 'wide'))).toEqual({ usualMs: 200, longestMs: 300 });
  expect(times.of(task('other', 'wide'))).toBeUndefined();
});
