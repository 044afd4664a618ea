import { describe, expect, it } from 'vitest';
import { drawGraph } from '../../cli/draw-graph.ts';
import { parseSize } from '../../cli/commands/cache-gc.ts';
import { columns, colours, fitting } from '../../cli/io.ts';
import type { Io } from '../../cli/io.ts';
import { leftText, TimeLeft } from '../../cli/progress/time-left.ts';
import { matchAddress } from '../../engine/plan/address.ts';
import { sketchPlan } from '../engine/support/plans.ts';
import { at, blocked, done, failed, runStarted, started } from './run-events.ts';

const plan = sketchPlan({
  tasks: {
    'make@seed=0': {},
    'make@seed=1': {},
    join: { inputs: { all: ['make@seed=0.text', 'make@seed=1.text'] } },
  },
});

describe('sizes that people write', () => {
  it.each([
    ['100', 100],
    ['500GB', 500e9],
    ['1.5TiB', 1.5 * 1024 ** 4],
    ['2k', 2000],
    [' 3 mib ', 3 * 1024 ** 2],
    ['7b', 7],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', 'many', '-1', '5i', '1e9', '3 XB'])('%j is none', (text) => {
    expect(parseSize(text)).toBeNaN();
  });
});

describe('graphs', () => {
  it('draws tasks by name, an edge once, in mermaid', () => {
    expect(drawGraph([...plan.tasks.values()], 'mermaid').split('\n')).toEqual([
      'flowchart LR',
      '  t0["make × 2"]',
      '  t1["join"]',
      '  t0 --> t1',
    ]);
  });

  it('draws them in dot', () => {
    const lines = drawGraph([...plan.tasks.values()], 'dot').split('\n');
    expect(lines).toContain('  "make" [label="make × 2"];');
    expect(lines.filter((line) => line.includes('->'))).toEqual(['  "make" -> "join";']);
    expect(lines.at(-1)).toBe('}');
  });

  it('lists every instance and edge in JSON', () => {
    expect(JSON.parse(drawGraph([...plan.tasks.values()], 'json'))).toEqual({
      tasks: ['make@seed=0', 'make@seed=1', 'join'],
      edges: [
        ['make@seed=0', 'join'],
        ['make@seed=1', 'join'],
      ],
    });
  });
});

describe('the time left', () => {
  const now = Date.parse(at);
  const only = (...ids: readonly string[]) => [...plan.tasks.values()].filter(({ id }) => ids.includes(id));

  it('is unknown until something has been seen, and the least until everything has', () => {
    const left = new TimeLeft(plan.tasks.values(), plan.graph);
    expect(left.estimate(now)).toBeUndefined();
    left.note(done('make@seed=0', 1000));
    expect(left.estimate(now)).toEqual({ ms: 1000, isLeast: true });
  });

  it.each([
    [undefined, ''],
    [{ ms: 200_000, isLeast: false }, 'about 3 min left'],
    [{ ms: 200_000, isLeast: true }, 'at least 3 min left'],
    [{ ms: 0, isLeast: true }, ''],
  ])('%j reads %j', (estimate, text) => {
    expect(leftText(estimate)).toBe(text);
  });

  it('is what is open by what its like took, over the slots, less what of it has passed', () => {
    const left = new TimeLeft(only('make@seed=0', 'make@seed=1'), plan.graph);
    left.note(runStarted(2, ['cpu:0']));
    left.note(done('make@seed=0', 1000));
    expect(left.estimate(now)?.ms).toBe(1000);
    left.note(started('make@seed=1'));
    expect(left.estimate(now + 400)?.ms).toBe(600);
    left.note(done('make@seed=1', 3000));
    expect(left.estimate(now + 10_000)?.ms).toBe(0);
  });

  it('is over what runs at the moment, on a cluster whose slots nobody knows', () => {
    const left = new TimeLeft(only('make@seed=0', 'make@seed=1'), plan.graph);
    left.note(runStarted(2, []));
    left.expect(new Map([['make', 1000]]));
    expect(left.estimate(now)?.ms).toBe(2000);
    left.note(started('make@seed=0'));
    left.note(started('make@seed=1'));
    expect(left.estimate(now)?.ms).toBe(1000);
  });

  it('takes what earlier runs took for names that this one has not seen, and its own word first', async () => {
    const expected = new Map([
      ['make', 9000],
      ['join', 500],
    ]);
    const left = new TimeLeft(plan.tasks.values(), plan.graph, () => Promise.resolve(expected));
    left.note(started('make@seed=0'));
    await Promise.resolve();
    expect(left.estimate(now)?.ms).toBe(18_500);
    left.note(done('make@seed=0', 1000));
    expect(left.estimate(now + 10_000)).toEqual({ ms: 1500, isLeast: false });
  });

  it('is the least where a task outlasts what was known of its like: each takes that long by now', () => {
    const left = new TimeLeft(plan.tasks.values(), plan.graph);
    left.expect(
      new Map([
        ['make', 2000],
        ['join', 0],
      ]),
    );
    left.note(started('make@seed=0'));
    expect(left.estimate(now + 2500)).toEqual({ ms: 2000, isLeast: false });
    expect(left.estimate(now + 10_000)).toEqual({ ms: 10_000, isLeast: true });
    left.note(done('make@seed=0', 12_000));
    expect(left.estimate(now + 12_000)).toEqual({ ms: 12_000, isLeast: false });
  });

  it('is no less than the longest chain of tasks that wait for each other', () => {
    const left = new TimeLeft(plan.tasks.values(), plan.graph);
    left.note(runStarted(3, ['a', 'b', 'c', 'd']));
    left.note(done('make@seed=0', 1000));
    left.note(done('join', 3000));
    left.note(failed('make@seed=1', { willRetry: true }));
    expect(left.estimate(now)?.ms).toBe(1000);
  });

  it('counts what will not run as settled, once', () => {
    const left = new TimeLeft(plan.tasks.values(), plan.graph);
    left.note(failed('make@seed=1', { willRetry: true }));
    left.note(done('make@seed=0', 1000));
    left.note(blocked('join', 'make@seed=1'));
    expect(left.estimate(now)?.ms).toBe(1000);
    left.note(failed('make@seed=1'));
    left.note(failed('make@seed=1'));
    expect(left.estimate(now + 10_000)?.ms).toBe(0);
  });
});

describe('addresses', () => {
  const tasks = [
    { name: 'lrr/retrain', coordinates: { seed: 0, step: 1 } },
    { name: 'lrr/retrain', coordinates: { seed: 1, step: 1 } },
    { name: 'lrr/cut', coordinates: { seed: 0, step: 1 } },
  ];

  it.each([
    ['lrr', 3],
    ['lrr.retrain', 2],
    ['lrr/retrain@seed=1', 1],
    ['lrr@step=1,seed=0', 2],
  ])('%s names %d tasks', (address, count) => {
    expect(matchAddress(tasks, address)).toMatchObject({ kind: 'matched', tasks: { length: count } });
  });

  it.each([
    ['lrr/retrian', "no task 'lrr/retrian'"],
    ['lrr@sed=0', "no axis 'sed'"],
    ['lrr@seed=7', 'no seed=7'],
    ['lrr@seed', 'not axis=value'],
    ['Lrr!', 'not an address'],
  ])('%s names none', (address, message) => {
    const match = matchAddress(tasks, address);
    expect(match.kind === 'unmatched' && match.message).toContain(message);
  });

  it.each([
    ['retrain', 'did you mean lrr/retrain?'],
    ['lr/retrain', 'did you mean lrr/retrain?'],
    ['retrian', 'did you mean lrr/retrain?'],
    ['other/cut@seed=0', 'did you mean lrr/cut@seed=0?'],
    ['quite_another', 'there is lrr/retrain, lrr/cut'],
  ])('%s is answered with what was probably meant', (address, hint) => {
    expect(matchAddress(tasks, address)).toMatchObject({ kind: 'unmatched', hint });
  });
});

describe('what is printed', () => {
  it('stands in columns, without spaces at line ends', () => {
    expect(
      columns([
        ['a', 'bb', 'c'],
        ['long', '', ''],
      ]),
    ).toBe('a     bb  c\nlong');
  });

  it('is coloured for terminals alone', () => {
    const text = colours.red('no');
    const to = (isTTY: boolean, env: Io['env']): string =>
      fitting({ isTTY } as unknown as Io['out'], env, text);
    expect(to(true, {})).toBe(text);
    expect(to(false, { CI: '1' })).toBe('no');
    expect(to(true, { NO_COLOR: '1' })).toBe('no');
    expect(to(true, { TERM: 'dumb' })).toBe('no');
    expect(to(false, { FORCE_COLOR: '1' })).toBe(text);
  });
});
