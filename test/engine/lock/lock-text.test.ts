import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { digestOf, parseTaskKey } from '../../../cache/digest.ts';
import type { Lock, LockedTask } from '../../../engine/lock/lock.ts';
import { lockText } from '../../../engine/lock/lock-text.ts';
import { parseLock } from '../../../engine/lock/parse-lock.ts';
import { formatAddress } from '../../../engine/plan/address.ts';
import { taskId } from '../../../engine/plan/plan.ts';

const key = parseTaskKey('a'.repeat(64))!;
const task: LockedTask = {
  kind: 'prune',
  version: 2,
  options: { fraction: 0.2 },
  identity: undefined,
  key,
  madeOn: 'cpu-t1, tensorflow 2.21.0',
  outputs: new Map([['model', digestOf('m')]]),
};
const lock: Lock = {
  study: 'tiny',
  sweetspot: '0.1.0',
  params: { rounds: 3 },
  data: new Map([['masks', digestOf('d')]]),
  tasks: new Map([
    [taskId('lrr/cut@seed=1'), task],
    [taskId('lrr/cut@seed=0'), { ...task, options: {} }],
  ]),
};
const text = lockText(lock);

describe('the text of a lock', () => {
  it('is sorted, a line a value', () => {
    expect(text.split('\n').slice(2)).toEqual([
      'lock: 1',
      'study: tiny',
      'sweetspot: 0.1.0',
      'params: {"rounds":3}',
      'data:',
      `  masks: ${digestOf('d')}`,
      'tasks:',
      '  lrr/cut@seed=0:',
      '    kind: prune 2',
      `    key: ${key}`,
      '    made-on: cpu-t1, tensorflow 2.21.0',
      '    outputs:',
      `      model: ${digestOf('m')}`,
      '  lrr/cut@seed=1:',
      '    kind: prune 2',
      '    with: {"fraction":0.2}',
      `    key: ${key}`,
      '    made-on: cpu-t1, tensorflow 2.21.0',
      '    outputs:',
      `      model: ${digestOf('m')}`,
      '',
    ]);
  });

  it('is read back as what it was, and as the same by any reader of YAML', () => {
    const words = fc.string({ unit: 'binary', maxLength: 12 }).filter((each) => !/\p{Surrogate}/u.test(each));
    const arbitrary = fc.record({
      study: words,
      value: words,
      axis: words,
      fraction: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    });
    fc.assert(
      fc.property(arbitrary, ({ study, value, axis, fraction }) => {
        const id = formatAddress('cut', { a: axis });
        const one: LockedTask = {
          ...task,
          options: { value, fraction: fraction === 0 ? 0 : fraction },
          identity: { [value]: [value] },
        };
        const written: Lock = { ...lock, study, params: { value }, tasks: new Map([[id, one]]) };
        expect(parseLock(lockText(written))).toEqual({ kind: 'lock', lock: written });
        const yaml = parse(lockText(written)) as { study: unknown; tasks: Record<string, { with: object }> };
        expect(yaml.study).toBe(study);
        expect(yaml.tasks[id]!.with).toEqual(one.options);
      }),
    );
  });

  it('may be reordered, commented, and have the line ends of another system', () => {
    const [head, tasks] = text.split('tasks:\n') as [string, string];
    const [first, second] = tasks.split(/(?=^ {2}lrr\/cut@seed=1)/m) as [string, string];
    const edited = `${head}tasks:\n${second}\n  # by hand\n${first}`.replaceAll('\n', '\r\n');
    expect(parseLock(edited)).toEqual({ kind: 'lock', lock: { ...lock, tasks: new Map([...lock.tasks]) } });
  });
});

describe('a lock that is not to be trusted', () => {
  const at = (part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;

  it.each([
    [
      'a merge conflict',
      text.replace('  lrr/cut@seed=1:', '<<<<<<< HEAD\n  lrr/cut@seed=1:'),
      { kind: 'conflict', line: at('seed=1') },
    ],
    [
      'a newer format',
      text.replace('lock: 1', 'lock: 2').replace('study:', 'studies:'),
      { kind: 'newer', format: 2 },
    ],
    [
      'no digest',
      text.replace(digestOf('m'), 'abc'),
      { line: at(digestOf('m')), message: "'abc' is no digest" },
    ],
    [
      'a field that is none',
      text.replace('    key:', '    kye:'),
      { line: at('key: '), message: "'kye' is no field of a task" },
    ],
    ['a task twice', text.replace('seed=1', 'seed=0'), { message: 'task lrr/cut@seed=0 is there twice' }],
    [
      'a field twice',
      text.replace(/( {4}key: .*\n)/, '$1$1'),
      { message: "'key' of lrr/cut@seed=0 is there twice" },
    ],
    [
      'a task without its key',
      text.replace(/ {4}key: .*\n/, ''),
      { message: "task lrr/cut@seed=0 has no 'key'" },
    ],
    [
      'no JSON',
      text.replace('{"fraction":0.2}', '{fraction: 0.2}'),
      { message: expect.stringContaining('JSON') as string },
    ],
    [
      'a strange indent',
      text.replace('    key:', '   key:'),
      { message: expect.stringContaining('3 spaces') as string },
    ],
    ['a torn line', text.slice(0, -30), { kind: 'malformed' }],
    [
      'half of it',
      text.slice(0, text.indexOf('tasks:')),
      { message: expect.stringContaining("'tasks:' is missing") as string },
    ],
    ['nothing', '', { kind: 'malformed' }],
    ['another file', '{"name": "x"}', { kind: 'malformed', line: 1 }],
    [
      'names of prototypes',
      text.replace('params: {"rounds":3}', '__proto__: {}'),
      { message: "'__proto__' is no field of a lock" },
    ],
  ])('%s is named', (_what, broken, expected) => {
    expect(parseLock(broken)).toMatchObject(expected);
    expect(parseLock(broken).kind).not.toBe('lock');
  });
});
