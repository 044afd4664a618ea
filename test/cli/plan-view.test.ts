import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { timeExpected } from '../../cli/plan-document.ts';
import { countsPerTask, planTitle, planTotals, rowPerTask } from '../../cli/plan-view.ts';
import type { PlanView } from '../../cli/plan-view.ts';
import { textWidth } from '../../cli/text-width.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import type { TaskAssessment } from '../../engine/run/assess-plan.ts';
import { layeredPlan } from './run-events.ts';

/** Of `make` all but one is cached; the times of `use` are known, that of `join` is not. */
function view(width: number, more: Partial<Plan> = {}): PlanView {
  const plan = { ...layeredPlan(3), ...more };
  const tasks = [...plan.tasks.values()].map(({ id, name }): TaskAssessment => {
    const unknown = { task: id, key: undefined, outputs: undefined, estimateMs: undefined };
    if (name === 'make' && id !== 'make@i=2') return { ...unknown, state: 'cached', reason: 'computed 2030' };
    if (name === 'join') return { ...unknown, state: 'run', reason: 'follows use@i=0, new here' };
    const state = name === 'make' ? 'run' : 'if-changed';
    return {
      ...unknown,
      state,
      reason: name === 'make' ? 'no result yet' : 'follows make@i=2',
      estimateMs: 2000,
    };
  });
  return { plan, tasks, slots: ['cpu:0', 'cpu:1'], width };
}

const plain = (lines: readonly string[]): readonly string[] => lines.map(stripVTControlCharacters);

describe('what `plan` shows', () => {
  it('is a row for each instance: its state, where it runs, how long, and why', () => {
    expect(plain([planTitle(view(Infinity))])).toEqual(['sketch  7 tasks, on cpu:0, cpu:1']);
    expect(plain(rowPerTask(view(Infinity)))).toEqual([
      'state       task      on     expected  why',
      'cached      make@i=0  light            computed 2030',
      'cached      make@i=1  light            computed 2030',
      'run         make@i=2  light     2.0 s  no result yet',
      'if-changed  use@i=0   light     2.0 s  follows make@i=2',
      'if-changed  use@i=1   light     2.0 s  follows make@i=2',
      'if-changed  use@i=2   light     2.0 s  follows make@i=2',
      'run         join      light         ?  follows use@i=0, new here',
    ]);
  });

  it('or one for each name, with counts', () => {
    expect(plain(countsPerTask(view(Infinity)))).toEqual([
      'task  cached  run  if-changed  on     expected  why (the first)',
      'make       2    1           ·  light     2.0 s  no result yet',
      'use        ·    ·           3  light     6.0 s  follows make',
      'join       ·    1           ·  light         ?  follows use, new here',
    ]);
  });

  it('fits a terminal', () => {
    for (const width of [60, 79])
      for (const line of [...rowPerTask(view(width)), ...countsPerTask(view(width))])
        expect(textWidth(line)).toBeLessThanOrEqual(width);
  });

  it('sums up: names what was never measured, and what an `if` leaves out', () => {
    const place = { file: 'study.yaml', line: 1, column: 1 };
    const leftOut = [
      { id: 'x', name: 'x', coordinates: {}, condition: 'false', place },
    ] as unknown as Plan['leftOut'];
    const seen = view(Infinity, { leftOut });
    expect(plain(planTotals(seen, timeExpected(seen.plan, seen.tasks, 2)))).toEqual([
      '2 run, 3 if-changed, 2 cached: time expected ? (never ran here: join)',
      '1 more left out by an `if`: sweetspot why names them',
    ]);
    const [known] = planTotals(seen, { run: 1, ifChanged: 0, cached: 2, workMs: 90_000, leastMs: 60_000 });
    expect(plain([known ?? ''])).toEqual(['1 run, 2 cached: about 1 min on 2 slots (2 min of work)']);
    const [idle] = planTotals(seen, { run: 0, ifChanged: 0, cached: 7, workMs: 0, leastMs: 0 });
    expect(plain([idle ?? ''])).toEqual(['7 cached: nothing to do']);
  });
});
