import { describe, expect, it } from 'vitest';
import { parseTaskKey } from '../../cache/digest.ts';
import { drawGraph } from '../../cli/draw-graph.ts';
import { parseSize } from '../../cli/commands/cache.ts';
import { columns, colours, fitting } from '../../cli/io.ts';
import type { Io } from '../../cli/io.ts';
import { shownPair } from '../../cli/commands/why.ts';
import { TimeLeft } from '../../cli/progress/time-left.ts';
import { matchAddress } from '../../engine/plan/address.ts';
import { taskId } from '../../engine/plan/plan.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { sketchPlan } from '../engine/support/plans.ts';

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
    expect(drawGraph(plan, 'mermaid').split('\n')).toEqual([
      'flowchart LR',
      '  t0["make × 2"]',
      '  t1["join"]',
      '  t0 --> t1',
    ]);
  });

  it('draws them in dot', () => {
    const lines = drawGraph(plan, 'dot').split('\n');
    expect(lines).toContain('  "make" [label="make × 2"];');
    expect(lines.filter((line) => line.includes('->'))).toEqual(['  "make" -> "join";']);
    expect(lines.at(-1)).toBe('}');
  });

  it('lists every instance and edge in JSON', () => {
    expect(JSON.parse(drawGraph(plan, 'json'))).toEqual({
      tasks: ['make@seed=0', 'make@seed=1', 'join'],
      edges: [
        ['make@seed=0', 'join'],
        ['make@seed=1', 'join'],
      ],
    });
  });
});

describe('the time left', () => {
  const at = '2030-01-01T00:00:00.000Z';
  const key = parseTaskKey('a'.repeat(64))!;
  const done = (task: string, durationMs: number): RunEvent => ({
    kind: 'task-done',
    at,
    task: taskId(task),
    key,
    outputs: {},
    durationMs,
  });

  it('is not guessed until every name that is to come has been seen', () => {
    const left = new TimeLeft(plan.tasks.values());
    left.note(done('make@seed=0', 1000));
    expect(left.estimateMs()).toBeUndefined();
  });

  it('is what is open by what its like took, over the slots', () => {
    const left = new TimeLeft([...plan.tasks.values()].filter(({ name }) => name === 'make'));
    left.note({ kind: 'run-started', at, run: 'r', study: 's', tasks: 2, slots: ['cpu:0', 'cpu:1'] });
    left.note(done('make@seed=0', 1000));
    expect(left.estimateMs()).toBe(500);
    left.note(done('make@seed=1', 3000));
    expect(left.estimateMs()).toBe(0);
  });

  it('takes what earlier runs took for names that this one has not seen, and its own word first', () => {
    const left = new TimeLeft(
      plan.tasks.values(),
      new Map([
        ['make', 9000],
        ['join', 500],
      ]),
    );
    expect(left.estimateMs()).toBe(18_500);
    left.note(done('make@seed=0', 1000));
    expect(left.estimateMs()).toBe(1500);
  });

  it('counts what will not run as settled, once', () => {
    const left = new TimeLeft(plan.tasks.values());
    const failure = { class: 'task', message: 'no' } as const;
    const failed = { kind: 'task-failed', at, task: taskId('make@seed=1'), attempt: 1, failure } as const;
    left.note({ ...failed, willRetry: true });
    left.note(done('make@seed=0', 1000));
    left.note({ kind: 'task-blocked', at, task: taskId('join'), by: taskId('make@seed=1') });
    expect(left.estimateMs()).toBe(1000);
    left.note({ ...failed, willRetry: false });
    left.note({ ...failed, willRetry: false });
    expect(left.estimateMs()).toBe(0);
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

describe('a differing value', () => {
  const digest = (start: string, name: string) => ({ value: start.repeat(64), isDefault: false, name });

  it('tells two makings of one output apart', () => {
    const pair = { before: digest('a', 'cut.model'), after: digest('b', 'cut.model') };
    expect(shownPair(pair)).toBe('cut.model (aaaaaaaaaaaa…) -> cut.model (bbbbbbbbbbbb…)');
    expect(shownPair({ ...pair, after: digest('b', 'dense.model') })).toBe('cut.model -> dense.model');
  });

  it('says where a value is only the default, or none', () => {
    const before = { value: 0.2, isDefault: true, name: undefined };
    const after = { value: undefined, isDefault: false, name: undefined };
    expect(shownPair({ before, after })).toBe('0.2 (the default) -> (none)');
  });
});
