import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parseDigest, parseTaskKey } from '../../cache/digest.ts';
import type { Json } from '../../cache/json.ts';
import { ago } from '../../cli/moment.ts';
import { changeLines, excerpts } from '../../cli/show-values.ts';
import { groupLines, reasonOf, taskLines } from '../../cli/why-text.ts';
import { taskId } from '../../engine/plan/plan.ts';
import type { DifferingValue } from '../../engine/run/compare-actions.ts';
import { groupCauses } from '../../engine/run/group-causes.ts';
import type { Change, Standing, TaskWhy } from '../../engine/run/task-why.ts';

const value = (json: Json | undefined, isDefault = false): DifferingValue => ({ value: json, isDefault });
const change = (
  field: string,
  before: Json | undefined,
  after: Json | undefined,
  more: Partial<Change> = {},
): Change => ({
  field,
  path: field.split('.'),
  before: value(before),
  after: value(after),
  ...more,
});
const key = parseTaskKey('a'.repeat(64))!;
const failure = { class: 'task', message: 'no such layer' } as const;

function whyOf(standing: Standing, more: Partial<TaskWhy> = {}): TaskWhy {
  return {
    task: taskId('dense@seed=0'),
    standing,
    key,
    against: undefined,
    changes: [],
    causes: [],
    ...more,
  };
}

const plain = (lines: readonly string[]): string => stripVTControlCharacters(lines.join('\n'));

describe('two values of a field', () => {
  it('stand on one line where they are short, with a word on defaults and on what is not there', () => {
    expect(changeLines(change('options.lr', 0.1, 0.2), 80)).toEqual(['options.lr  0.1 -> 0.2']);
    const to = { ...change('options.lr', 3, undefined), before: value(3, true) };
    expect(changeLines(to, 80)).toEqual(['options.lr  3 (the default) -> (none)']);
    expect(changeLines(change('versions.python --version', '3.11', '3.12'), 80)).toEqual([
      "version told by 'python --version'  3.11 -> 3.12",
    ]);
    const digests = [parseDigest('a'.repeat(64))!, parseDigest('b'.repeat(64))!] as const;
    expect(changeLines(change('files.run.py', ...digests), 80)).toEqual([
      'file run.py  aaaaaaaaaaaa… -> bbbbbbbbbbbb…',
    ]);
  });

  it('stand below each other where they are long, and show where they differ within the width', () => {
    const before = `${'same '.repeat(30)}old tail`;
    const lines = changeLines(change('options.run.2', before, before.replace('old', 'new')), 60);
    expect(lines).toHaveLength(3);
    expect(lines.every((line) => line.length <= 60)).toBe(true);
    expect(lines[1]).toContain('old tail');
    expect(lines[2]).toContain('new tail');
  });

  it('are cut at both ends where need be', () => {
    expect(excerpts('x'.repeat(50), `${'x'.repeat(25)}y${'x'.repeat(24)}`, 20)).toEqual([
      `…${'x'.repeat(18)}…`,
      `…${'x'.repeat(6)}y${'x'.repeat(11)}…`,
    ]);
  });
});

describe('one task', () => {
  it.each<[string, Standing, Partial<TaskWhy>, string]>([
    ['running', { state: 'running', run: 'R', slot: 'gpu:0' }, {}, 'run R is computing it on gpu:0'],
    ['failed', { state: 'failed', run: 'R', attempt: 1, failure }, {}, 'it failed in run R, and nothing'],
    ['blocked', { state: 'blocked', run: 'R', by: taskId('a'), failure }, {}, 'a failed in run R'],
    [
      'if-changed',
      { state: 'if-changed', follows: taskId('a') },
      {},
      'it follows a, which has no result yet',
    ],
    ['unusable', { state: 'unusable', message: 'no folder' }, {}, 'on this machine: no folder'],
    ['new', { state: 'run', reason: { kind: 'new', runs: 0 } }, {}, 'no run of this study is recorded here'],
    [
      'changed',
      { state: 'run', reason: { kind: 'changed' } },
      {
        against: { key, task: taskId('a'), run: 'R', how: 'same-task' },
        changes: [change('options.lr', 1, 2)],
      },
      'no result stands for its key; since run R its key differs in 1 field',
    ],
    [
      'unfinished',
      { state: 'run', reason: { kind: 'unfinished', run: 'R', end: 'killed', snapshot: true } },
      {},
      'run R was killed before it was finished; it goes on from its snapshot',
    ],
    ['gone', { state: 'run', reason: { kind: 'result-gone', run: 'R' } }, {}, 'the store has it no more'],
  ])('%s: says why in a sentence', (_, standing, more, sentence) => {
    expect(reasonOf(whyOf(standing, more))).toContain(sentence);
    expect(plain(taskLines(whyOf(standing, more), 80))).toContain(sentence);
  });

  it('shows each field, the parameter behind it, and causes in tasks before', () => {
    const param = { name: 'lr', before: 0.1, after: 0.2 };
    const own = change('options.run.2', 'train 0.1', 'train 0.2', { param });
    const from = { before: 'cut.model', after: 'cut.model' };
    const input: Change = {
      ...change('inputs.model', 'a'.repeat(64), 'b'.repeat(64), { from, notMade: true }),
      path: ['inputs', 'model', 'artifact'],
    };
    const text = plain(
      taskLines(
        whyOf(
          { state: 'if-changed', follows: taskId('cut') },
          {
            changes: [own, input],
            causes: [
              { kind: 'changed', task: taskId('dense@seed=0'), change: own },
              { kind: 'changed', task: taskId('cut'), change: change('options.fraction', 0.2, 0.3) },
            ],
          },
        ),
        80,
      ),
    );
    expect(text).toContain('by params.lr  0.1 -> 0.2');
    expect(text).toContain('inputs.model  cut.model: aaaaaaaaaaaa… -> not made yet');
    expect(text).toContain('because\n    cut: options.fraction  0.2 -> 0.3');
  });

  it('names files of a data set by count and first names', () => {
    const names = (count: number, ...first: string[]) => ({ count, first });
    const files = {
      before: 10,
      after: 12,
      added: names(9, 'a.png', 'b.png'),
      removed: names(7, 'z.png'),
      changed: names(0),
    };
    const data = { data: 'voc', part: 'masks', settings: [], files };
    const text = plain(
      taskLines(
        whyOf(
          { state: 'run', reason: { kind: 'changed' } },
          { changes: [change('inputs.data', '1', '2', { data })] },
        ),
        80,
      ),
    );
    expect(text).toContain('inputs.data  data voc, masks');
    expect(text).toContain('9 files added: a.png, b.png, … and 7 more');
    expect(text).toContain('7 files removed: z.png, … and 6 more');
    expect(text).toContain('10 files -> 12 files');
    expect(text).not.toContain('changed:');
  });
});

describe('a group of tasks', () => {
  it('says how many, why, and the first of them', () => {
    const param = { name: 'lr', before: 0.1, after: 0.2 };
    const answers = Array.from({ length: 9998 }, (_, n): TaskWhy => {
      const own = change('options.run.2', `${n} 0.1`, `${n} 0.2`, { param });
      const task = taskId(`train@n=${n}`);
      return whyOf(
        { state: 'run', reason: { kind: 'changed' } },
        { task, changes: [own], causes: [{ kind: 'changed', task, change: own }] },
      );
    });
    const [group] = groupCauses(answers);
    expect(plain(groupLines(group!, 80))).toBe(
      '9,998 tasks  run: params.lr  0.1 -> 0.2\n    train@n=0  train@n=1  train@n=2  …',
    );
  });
});

describe('how long ago something was', () => {
  const now = Date.parse('2030-01-02T00:00:00.000Z');
  it.each([
    ['2030-01-02T00:00:05.000Z', 'just now'],
    ['2030-01-01T23:59:30.000Z', '30 s ago'],
    ['2030-01-01T23:52:00.000Z', '8 min ago'],
    ['2030-01-01T21:00:00.000Z', '3 h ago'],
    ['2029-12-29T00:00:00.000Z', '4 d ago'],
  ])('%s is %s', (at, words) => {
    expect(ago(at, now)).toBe(words);
  });
});
