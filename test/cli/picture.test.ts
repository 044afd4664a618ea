import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { picture } from '../../cli/progress/picture.ts';
import type { Moment } from '../../cli/progress/picture.ts';
import { RunProgress } from '../../cli/progress/run-progress.ts';
import { textWidth } from '../../cli/text-width.ts';
import { taskId } from '../../engine/plan/plan.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { sketchPlan } from '../engine/support/plans.ts';
import { at, blocked, cached, done, failed, key, layeredPlan, runStarted, started } from './run-events.ts';

const now: Moment = {
  nowMs: Date.parse(at) + 5000,
  startedMs: Date.parse(at),
  left: { ms: 65_000, isLeast: false },
  eachMs: () => 20_000,
  columns: 80,
  rows: 24,
};

function progressOf(plan: Plan, events: readonly RunEvent[]): RunProgress {
  const progress = new RunProgress(plan.tasks.values(), plan.graph);
  for (const event of events) progress.note(event);
  return progress;
}

function shown(progress: RunProgress, moment: Partial<Moment> = {}): readonly string[] {
  return picture(progress, { ...now, ...moment }).map(stripVTControlCharacters);
}

const plan = layeredPlan(3);
const midway: readonly RunEvent[] = [
  runStarted(7),
  cached('make@i=0'),
  done('make@i=1'),
  started('use@i=0', 'cpu:1', { resumed: true }),
  {
    kind: 'task-progress',
    at,
    task: taskId('use@i=0'),
    progress: { done: 3, of: 8, unit: 'epochs', detail: 'loss 1.20' },
  },
  started('make@i=2', 'cpu:0', { attempt: 2 }),
];

describe('the picture of a run', () => {
  it('says what is done, what runs where, and what waits for what', () => {
    expect(shown(progressOf(plan, midway))).toEqual([
      expect.stringMatching(/^tiny {2}━+─+ {2}2 of 7 {2}5 s, about 1 min left$/),
      '1 cached · 1 done · 2 running · 1 ready · 2 waiting',
      '',
      '  cpu:0      5 s  make@i=2  attempt 2',
      '  cpu:1      5 s  use@i=0   3/8 epochs, loss 1.20, resumed',
      '',
      '  use   3 to go  1 ready, 1 waits for make',
      '  join  1 to go  waits for use',
    ]);
  });

  it('says in a wide terminal how long the like of it takes', () => {
    expect(shown(progressOf(plan, midway), { columns: 200 })[3]).toBe(
      '  cpu:0  5 s of about 20 s  make@i=2  attempt 2',
    );
  });

  it('says what is usual where a task has outlasted it', () => {
    expect(shown(progressOf(plan, midway), { columns: 200, eachMs: () => 1000 })[3]).toBe(
      '  cpu:0  5 s, usually 1 s  make@i=2  attempt 2',
    );
  });

  it('says how many attempts there are, and how long a task may take', () => {
    const limited = [...plan.tasks.values()].map((task) => ({ ...task, retries: 2, timeoutMs: 90_000 }));
    const progress = new RunProgress(limited, plan.graph);
    for (const event of [...midway, started('use@i=0', 'cpu:1', { attempt: 4 })]) progress.note(event);
    const text = shown(progress, { columns: 200 }).join('\n');
    expect(text).toContain('make@i=2  attempt 2 of 3, limit 1 min 30 s');
    expect(text).toContain('use@i=0   attempt 4, limit 1 min 30 s');
  });

  it('says nothing of the time left where nothing is known', () => {
    expect(shown(progressOf(plan, midway), { left: undefined })[0]).toMatch(/ 5 s$/);
  });

  it('counts a failure once it is final, and what it blocks', () => {
    const retried = progressOf(plan, [...midway, failed('use@i=0', { willRetry: true })]);
    expect([retried.counts.failed, retried.running.size, retried.settled]).toEqual([0, 1, 2]);
    const final = progressOf(plan, [...midway, failed('use@i=0'), blocked('join', 'use@i=0')]);
    expect([final.settled, shown(final)[1]]).toEqual([4, expect.stringMatching(/^1 failed · 1 blocked · /)]);
  });

  it('names who computes what this run waits for', () => {
    const owner = 'other, process 9';
    const waiting = progressOf(plan, [{ kind: 'task-waiting', at, task: taskId('make@i=0'), key, owner }]);
    expect(shown(waiting)).toContain('  make@i=0  is computed by another run (other, process 9)');
  });

  it('makes nothing ready twice where a result is made again', () => {
    const again = progressOf(plan, [cached('make@i=0'), started('make@i=0'), done('make@i=0')]);
    expect(again.counts).toMatchObject({ done: 1, ready: 3, waiting: 3 });
  });

  it('leaves out, and counts, what there is no room for', () => {
    const large = layeredPlan(40);
    const busy = progressOf(
      large,
      Array.from({ length: 40 }, (_, i) => started(`make@i=${i}`, `gpu:${i}`)),
    );
    const lines = shown(busy, { rows: 14 });
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}… and 3\d more$/));
  });

  it('fits into any terminal, whatever is written in it', () => {
    const words = fc.constantFrom(
      'loss 1.20',
      'a\nline break',
      '\x1b[31mred',
      '学習中の画像',
      '🧪🧪',
      'é'.repeat(90),
    );
    const long = sketchPlan({
      tasks: {
        ['a_very_long_name_of_a_task/and_its_group@method=integrated-gradients,pool=学習,seed=0']: {},
        b: {},
      },
    });
    const [id] = long.tasks.keys();
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 250 }),
        fc.integer({ min: 1, max: 60 }),
        words,
        (columns, rows, detail) => {
          const progress = progressOf(long, [
            { ...runStarted(2), study: detail } as RunEvent,
            started(id!, 'gpu:0'),
            { kind: 'task-progress', at, task: id!, progress: { done: 1, of: 2, unit: detail, detail } },
          ]);
          const lines = shown(progress, { columns, rows });
          expect(lines.filter((line) => textWidth(line) >= columns)).toEqual([]);
          expect(lines.join('')).not.toMatch(/\p{Control}/u);
          expect(lines.length).toBeLessThanOrEqual(Math.max(4, rows - 2));
        },
      ),
    );
  });
});
