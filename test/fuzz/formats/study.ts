import type { Random } from '../../../vision/random/random.ts';

/** A study of a few `command` tasks whose fields, references and expressions are of the language, in any order. */
export function inventStudy(random: Random): string {
  const names = ['a', 'b', 'c', 'd', 'e'].slice(0, 1 + random.integer(5));
  const tasks = names.map((name) => `  ${name}: { ${fields(random, names).join(', ')} }`);
  const params = 'params: { n: 3, s: text, l: [1, 2, 3], m: { k: v, n: null } }';
  const matrix = random.chance(0.5) ? `matrix: { x: ${axis(random)}, y: ["p", "q"] }` : 'x-none: 1';
  return ['study: x', params, matrix, 'tasks:', ...tasks, ''].join('\n');
}

function fields(random: Random, names: readonly string[]): readonly string[] {
  const name = (): string => names[random.integer(names.length)]!;
  const expression = (): string => quoted(`\${{ ${express(random, names, 3)} }}`);
  const sometimes = (share: number, field: string): readonly string[] =>
    random.chance(share) ? [field] : [];
  if (random.chance(0.1)) {
    return ['uses: pool', `with: { models: [${quoted(`\${{ all.${name()}.o }}`)}] }`];
  }
  return [
    'uses: command',
    ...sometimes(0.2, `each: ${name()}`),
    ...sometimes(0.2, `needs: [${name()}]`),
    ...sometimes(0.2, `per: [${random.chance(0.5) ? 'x' : 'z'}]`),
    ...sometimes(0.3, `matrix: { z: ${axis(random)} }`),
    ...sometimes(0.2, `if: ${quoted(express(random, names, 2))}`),
    ...sometimes(0.2, `resources: { cpu: ${random.chance(0.5) ? 1 : expression()} }`),
    ...sometimes(0.2, `timeout: ${random.chance(0.5) ? '90s' : expression()}`),
    `with: { run: [x, ${expression()}], outputs: { o: { type: files, path: o } }${
      random.chance(0.6) ? `, inputs: { i: ${quoted(`\${{ ${reference(random, name())} }}`)} }` : ''
    } }`,
  ];
}

function reference(random: Random, name: string): string {
  return [`${name}.o`, `all.${name}.o`, 'member.o', `${name}.p`, 'previous', name][random.integer(6)]!;
}

function axis(random: Random): string {
  return [
    '[1, 2]',
    '["p", "q", "r"]',
    '[true, 0.5, one]',
    '"${{ params.l }}"',
    '[]',
    '[[1], 2]',
    '"${{ params.l.map(v, v * 2) }}"',
  ][random.integer(7)]!;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

const leaves = [
  '0',
  '1',
  '2.5',
  '9223372036854775807',
  "'t'",
  "''",
  'true',
  'null',
  'params.n',
  'params.s',
  'params.l',
  'params.m',
  'params.m.k',
  'params.m["n"]',
  'params.nothing',
  'matrix.x',
  'matrix.z',
  'member.index',
  'member.x',
  'toString',
  '[1, 2]',
  "{'a': 1}",
];
const operators = ['+', '-', '*', '/', '%', '==', '!=', '<', '>=', '&&', '||', 'in'];
const calls = [
  (inner: string) => `size(${inner})`,
  (inner: string) => `string(${inner})`,
  (inner: string) => `double(${inner})`,
  (inner: string) => `int(${inner})`,
  (inner: string) => `has(${inner})`,
  (inner: string) => `(${inner}).map(v, [v, v, v])`,
  (inner: string) => `(${inner}).map(v, v + v)`,
  (inner: string) => `(${inner}).filter(v, v > 1)`,
  (inner: string) => `(${inner}).all(v, v != 0)`,
  (inner: string) => `(${inner}).split('')`,
  (inner: string) => `(${inner}).join('-')`,
  (inner: string) => `(${inner})[0]`,
  (inner: string) => `(${inner}).a.b`,
  (inner: string) => `-(${inner})`,
  (inner: string) => `!(${inner})`,
  (inner: string) => `[${inner}, ${inner}]`,
  (inner: string) => `{'k': ${inner}}`,
] as const;

function express(random: Random, names: readonly string[], depth: number): string {
  if (depth === 0 || random.chance(0.3)) {
    return random.chance(0.8)
      ? leaves[random.integer(leaves.length)]!
      : reference(random, names[random.integer(names.length)]!);
  }
  const inner = (): string => express(random, names, depth - 1);
  if (random.chance(0.4)) return `${inner()} ${operators[random.integer(operators.length)]!} ${inner()}`;
  if (random.chance(0.15)) return `${inner()} ? ${inner()} : ${inner()}`;
  return calls[random.integer(calls.length)]!(inner());
}
