import { canonicalJson } from '../../cache/canonical-json.ts';
import type { JsonObject } from '../../cache/json.ts';
import { lockFormat } from './lock.ts';
import type { Lock, LockedTask } from './lock.ts';

const heading = [
  '# What this study made: of each task its key, and the digest of each output.',
  '# Written by `sweetspot lock`, compared by `sweetspot run --locked`. Not to be edited by hand.',
];

/**
 * The one text of a lock: YAML, everything sorted by code unit, a line a value, so that a difference of two studies is a
 * difference of lines.
 */
export function lockText(lock: Lock): string {
  const lines = [
    ...heading,
    `lock: ${lockFormat}`,
    `study: ${scalar(lock.study)}`,
    `sweetspot: ${scalar(lock.sweetspot)}`,
    ...objectLine('params', lock.params),
    ...(lock.data.size === 0
      ? []
      : ['data:', ...sorted(lock.data).map(([name, digest]) => `  ${name}: ${digest}`)]),
    'tasks:',
    ...sorted(lock.tasks).flatMap(([id, task]) => [
      `  ${id}:`,
      ...taskLines(task).map((line) => `    ${line}`),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function taskLines(task: LockedTask): readonly string[] {
  return [
    `kind: ${task.kind} ${task.version}`,
    ...objectLine('with', task.options),
    ...objectLine('identity', task.identity ?? {}),
    `key: ${task.key}`,
    `made-on: ${task.madeOn}`,
    'outputs:',
    ...sorted(task.outputs).map(([name, digest]) => `  ${name}: ${digest}`),
  ];
}

/** JSON in one line is YAML, too. */
function objectLine(name: string, value: JsonObject): readonly string[] {
  return Object.keys(value).length === 0 ? [] : [`${name}: ${canonicalJson(value)}`];
}

/** Plain where YAML reads it back as the same text, else quoted as in JSON. */
function scalar(text: string): string {
  return /^[A-Za-z][\w.+-]*( [\w.+-]+)*$|^\d+\.\d+\.\d[\w.+-]*$/.test(text) &&
    !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
    ? text
    : JSON.stringify(text);
}

function sorted<K extends string, V>(entries: ReadonlyMap<K, V>): readonly (readonly [K, V])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
