import { describe, expect, it } from 'vitest';
import { diagnose, load, underlined } from '../support/diagnose.ts';

const head = `study: broken
params: { steps: 0, model: resnet20 }
data:
  train: { uses: shapes, split: train }
  real: { uses: voc }
tasks:
  dense: { uses: train, with: { model: resnet20, data: "\${{ data.train }}" } }
`;

interface Broken {
  readonly name: string;
  readonly tasks: string;
  readonly expected: readonly string[];
}

const broken: readonly Broken[] = [
  { name: 'bad YAML', tasks: '  bad: { uses: train, with: [1, 2 }\n', expected: ['yaml 8:35+1'] },
  {
    name: 'an unquoted expression',
    tasks: '  cut: { uses: prune, with: { model: ${{ dense.model }}, fraction: 0.2 } }\n',
    expected: ['unquoted-expression 8:38+18'],
  },
  {
    name: 'unknown keys',
    tasks: `  cut: { uses: prune, wiht: {}, with: { model: "\${{ dense.model }}", fractoin: 0.2 } }\n`,
    expected: ['unknown-key 8:23+4', 'unknown-key 8:70+8'],
  },
  {
    name: 'a wrong type',
    tasks: `  cut: { uses: prune, with: { model: "\${{ dense.model }}", fraction: "0.2" } }\n`,
    expected: ['wrong-type 8:70+5'],
  },
  {
    name: 'a cycle',
    tasks: `  a: { uses: prune, with: { model: "\${{ b.model }}", fraction: 0.2 } }
  b: { uses: prune, with: { model: "\${{ a.model }}", fraction: 0.2 } }\n`,
    expected: ['cycle 9:41+7'],
  },
  {
    name: 'a dangling reference',
    tasks: `  cut: { uses: prune, with: { model: "\${{ dnse.model }}", fraction: 0.2 } }\n`,
    expected: ['unknown-task 8:43+4'],
  },
  {
    name: 'mixed axes',
    tasks: `  pool: { uses: pool, with: { models: ["\${{ dense.model }}"] } }
  boxes: { each: pool, uses: lost, with: { model: "\${{ member.model }}", data: "\${{ data.train }}" } }
  hits: { uses: corloc, with: { boxes: "\${{ boxes.boxes }}", data: "\${{ data.train }}" } }\n`,
    expected: ['mixed-axes 10:45+11'],
  },
  {
    name: 'an empty each',
    tasks: `  none: { uses: prune, if: "false", with: { model: "\${{ dense.model }}", fraction: 0.2 } }
  boxes: { each: none, uses: lost, with: { model: "\${{ member.model }}", data: "\${{ data.train }}" } }\n`,
    expected: ['empty-each 9:18+4'],
  },
  {
    name: 'an impossible resource',
    tasks: `  cut: { uses: prune, resources: { gpu: -1 }, with: { model: "\${{ dense.model }}", fraction: 0.2 } }\n`,
    expected: ['out-of-range 8:41+2'],
  },
  {
    name: 'an unknown model',
    tasks: `  other: { uses: train, with: { model: resnet21, data: "\${{ data.train }}" } }\n`,
    expected: ['unknown-value 8:40+8'],
  },
  {
    name: 'a missing data set',
    tasks: `  boxes: { uses: lost, with: { model: "\${{ dense.model }}", data: "\${{ data.real }}" } }\n`,
    expected: ['missing-data 5:3+4'],
  },
  {
    name: 'a division by zero',
    tasks: `  cut: { uses: prune, with: { model: "\${{ dense.model }}", fraction: "\${{ 1.0 / params.steps }}" } }\n`,
    expected: ['division-by-zero 8:75+18'],
  },
];

describe('broken studies', () => {
  it.each(broken)('$name: place, caret and hint', async ({ tasks, expected }) => {
    expect(await diagnose(head + tasks)).toEqual(expected);
    for (const { hint } of await underlined(head + tasks)) expect(hint).toMatch(/\w/);
  });

  it('shows all errors of a file at once, each once', async () => {
    const independent = broken.filter(({ name }) => !['bad YAML', 'an unquoted expression'].includes(name));
    const text = independent
      .map(({ tasks }, index) =>
        tasks.replace(/\b(cut|a|b|pool|boxes|hits|none|other)\b(?=[:.]| }| ,)/g, `$1_${index}`),
      )
      .map((tasks, index) => tasks.replaceAll(/each: (none|pool)/g, `each: $1_${index}`))
      .join('');
    // A study with structural errors is not expanded where these stand; the rest is.
    const found = await underlined(head + text.replaceAll('boxes_6: "', 'boxes: "'));
    const codes = new Set(found.map(({ code }) => code));
    for (const code of [
      'unknown-key',
      'wrong-type',
      'cycle',
      'unknown-task',
      'out-of-range',
      'unknown-value',
    ]) {
      expect(codes).toContain(code);
    }
  });

  it('asks for a data set only where a planned task uses it', async () => {
    expect(await diagnose(head)).toEqual([]);
    const used = head + broken.find(({ name }) => name === 'a missing data set')!.tasks;
    expect(await diagnose(used, { dataRoots: { real: '/data/VOCdevkit' } })).toEqual([]);
    expect(await diagnose(used, { dataRoots: { voc: '/data/VOCdevkit' } })).toEqual([]);
  });

  it('says what was probably meant', async () => {
    const hints = await underlined(
      `${head}  cut: { uses: prnue }
  cut2: { uses: prune, with: { model: "\${{ dense.modle }}", fraction: "\${{ params.stpes }}" } }\n`,
    );
    expect(hints).toEqual([
      { code: 'unknown-kind', at: 'prnue', hint: "did you mean 'prune'?" },
      { code: 'unknown-output', at: 'modle', hint: "did you mean 'model'?" },
      { code: 'unknown-param', at: 'stpes', hint: "did you mean 'steps'?" },
    ]);
  });

  it('stays silent about what only follows from another error', async () => {
    const text = `${head}  cut: { uses: prune, with: { model: "\${{ dnse.model }}", fraction: 0.2 } }
  boxes: { uses: lost, with: { model: "\${{ cut.model }}", data: "\${{ data.train }}" } }
  hits: { each: boxes, uses: corloc, with: { boxes: "\${{ member.boxes }}", data: "\${{ data.train }}" } }\n`;
    expect(await diagnose(text)).toEqual(['unknown-task 8:43+4']);
  });

  it.each([
    ['an empty file', ''],
    ['a bare word', 'study'],
    ['a list', '- a\n- b\n'],
    ['control characters', '\u0000\u0001\uffff'],
    ['prototype keys', 'study: x\n__proto__: { a: 1 }\ntasks: { constructor: { uses: toString } }\n'],
    ['deep brackets', '['.repeat(100_000)],
    ['deep dashes', '- '.repeat(100_000)],
    ['a cyclic alias', 'study: &a [*a]\n'],
    ['a tag', 'study: !!js/function x\n'],
    ['another YAML', '%YAML 1.1\n---\nstudy: x\n'],
    ['two documents', 'study: x\n---\nstudy: y\n'],
    ['complex keys', 'study: x\n? [a, b]\n: c\n'],
    ['duplicate keys', 'study: x\nstudy: y\ntasks: {}\n'],
    ['a thousand laughs', laughs(30)],
    ['a map of laughs', `study: x\nx-0: &a { k: lol }\n${mapLaughs(30)}tasks: { a: { uses: report } }\n`],
    ['a tag that YAML knows', 'study: x\nparams: { a: !!binary aGVsbG8= }\ntasks: { a: { uses: report } }\n'],
    ['a second document', `${onlyCommand}---\nstudy: y\n`],
    ['half a surrogate pair', `${onlyCommand}params: { a: "\\uD800" }\n`],
    ['half a surrogate pair as a key', `${onlyCommand}params: { a: { "\\uDC00": 1 } }\n`],
    ['a name that leads elsewhere', onlyCommand.replace('study: x', 'study: ../../x')],
    ['a name with control characters', onlyCommand.replace('study: x', 'study: "x\\e[31m"')],
    ['a name of a million letters', onlyCommand.replace('{ t:', `{ ${'t'.repeat(1_000_000)}:`)],
    ['a value of a million letters on an axis', `${onlyCommand}matrix: { a: [${'x'.repeat(1_000_000)}] }\n`],
    ['steps of indentation', `study: x\nparams:\n${stairs(900)}`],
    ['a timeout longer than time', onlyCommand.replace('{ uses', `{ timeout: ${'9'.repeat(30)}d, uses`)],
    ['more marks than a study has', ','.repeat(700_000)],
    ['more lines than a study has', `study: x\n${'\n'.repeat(700_000)}`],
    ['a number too large', 'study: x\nparams: { n: 99999999999999999999 }\ntasks: { a: { uses: report } }\n'],
  ])('refuses %s without throwing', async (_, text) => {
    const loaded = await load(text);
    expect(loaded.kind).toBe('invalid');
    if (loaded.kind === 'invalid') expect(loaded.diagnostics.length).toBeGreaterThan(0);
  });

  it('refuses axes that multiply beyond all measure, at once', async () => {
    const thousand = JSON.stringify(Array.from({ length: 1000 }, (_, index) => index));
    const text = `study: x
matrix: { a: ${thousand}, b: ${thousand}, c: ${thousand} }
tasks: { t: { uses: command, with: { run: ["\${{ matrix.a }}-\${{ matrix.b }}-\${{ matrix.c }}"] } } }\n`;
    expect(await diagnose(text)).toEqual(['too-large 3:10+1']);
  });
});

function laughs(depth: number): string {
  const lines = Array.from({ length: depth }, (_, index) => {
    const inner = index === 0 ? 'lol' : Array.from({ length: 9 }, () => `*a${index - 1}`).join(', ');
    return `x-${index}: &a${index} [${inner}]\n`;
  });
  return `study: x\n${lines.join('')}tasks: { a: { uses: report } }\n`;
}

const onlyCommand = 'study: x\ntasks: { t: { uses: command, with: { run: [echo] } } }\n';

function mapLaughs(depth: number): string {
  const keys = (index: number): string =>
    Array.from({ length: 9 }, (_, key) => `k${key}: *a${index === 1 ? '' : index - 1}`).join(', ');
  const lines = Array.from(
    { length: depth },
    (_, index) => `x-${index + 1}: &a${index + 1} { ${keys(index + 1)} }\n`,
  );
  return lines.join('').replaceAll('*a,', '*a0,').replaceAll('*a ', '*a0 ');
}

function stairs(depth: number): string {
  return Array.from({ length: depth }, (_, index) => `${' '.repeat(index + 1)}a:\n`).join('');
}

describe('what only looks hostile', () => {
  it.each([
    [
      'many keys on a line',
      `params: { ${Array.from({ length: 500 }, (_, index) => `k${index}: 1`).join(', ')} }\n`,
    ],
    ['a name as long as a file may have', `params: { ${'p'.repeat(255)}: 1 }\n`],
    ['tags of the core schema', 'params: { a: !!str 5, b: !!map {} }\n'],
    ['a document that is marked as one', '---\n'],
  ])('%s', async (_, text) => {
    const study = text.startsWith('---') ? text + onlyCommand : onlyCommand + text;
    expect(await diagnose(study)).toEqual([]);
  });
});

describe('a parameter from the command line', () => {
  it.each([
    [
      'aliases that multiply',
      `[${laughs(30)
        .match(/&a\d+ \[[^\]]*\]/g)!
        .join(', ')}]`,
    ],
    ['a cyclic alias', '&a [*a]'],
    ['an unknown alias', '*b'],
    ['deep brackets', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['a number of many digits', '9'.repeat(90_000)],
    ['a number without end', '1e999'],
    ['an integer that is not exact', '1152921504606846976'],
    ['half a surrogate pair', '"\\uD800"'],
    ['a prototype key', '{ __proto__: { a: 1 } }'],
    ['two documents', 'x\n---\ny'],
    ['a text of many words', 'word '.repeat(30_000)],
  ])('%s is refused by its name', async (_, value) => {
    const text = `${onlyCommand}params: { p: null }\n`;
    expect(await diagnose(text, { params: { p: value } })).toEqual(['bad-param 3:11+1']);
  });

  it('may be anything else that YAML can say', async () => {
    const text = `${onlyCommand}params: { p: null }\n`;
    for (const value of ['', '3', 'abc', '[1, { a: b }]', '"*b"', '~'])
      expect(await diagnose(text, { params: { p: value } })).toEqual([]);
  });
});

describe('an expression that grows', () => {
  const yielding = (expression: string, params = ''): string =>
    `study: x\nparams: { long: "${'x'.repeat(50_000)}", items: [${Array.from({ length: 1900 }, (_, n) => n).join(', ')}]${params} }
tasks: { t: { uses: command, with: { run: ["\${{ ${expression} }}"] } } }\n`;
  const eightfold = '.map(x, [x, x, x, x, x, x, x, x])';

  it.each([
    ['lists of lists', `[1]${eightfold.repeat(12)}`],
    ['lists of lists that are only counted', `[1]${eightfold.repeat(12)}.size()`],
    ['lists of lists that are compared', `[1]${eightfold.repeat(10)} == [1]${eightfold.repeat(10)}`],
    ['mappings of mappings', `[1]${".map(x, { 'a': x, 'b': x, 'c': x, 'd': x })".repeat(14)}`],
    ['texts of texts', `['long']${'.map(x, x + x + x + x + x + x + x + x + x + x)'.repeat(14)}`],
    ['a list in each of its items', 'params.items.map(x, params.items)'],
    ['a text taken apart', `(${Array.from({ length: 40 }, () => 'params.long').join(' + ')}).split('')`],
    [
      'a text between all items',
      `params.items.map(x, 'a').join(${Array.from({ length: 20 }, () => 'params.long').join(' + ')})`,
    ],
  ])('%s: is refused where it stands', async (_, expression) => {
    const found = await diagnose(yielding(expression));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^expression 3:/);
  });

  it('is refused for a text put together of many', async () => {
    const text = yielding('1').replace('"${{ 1 }}"', `"${'${{ params.long }}'.repeat(100)}"`);
    expect(await diagnose(text)).toEqual([expect.stringMatching(/^too-large 3:/)]);
  });

  it('is fine as long as it stays small', async () => {
    const fine = `string(params.items.filter(x, x > 5).map(x, x * 2).map(x, [x, x])[0][0])`;
    expect(await diagnose(yielding(fine))).toEqual([]);
    expect(await diagnose(yielding('params.long'))).toEqual([]);
  });
});

describe('echoes', () => {
  it('says nothing about what refers to something that is wrong itself', async () => {
    const text = `study: x
data: { good: { uses: shapes }, bad: { uses: shpes } }
tasks:
  dense: { uses: trian, with: { model: resnet20, data: "\${{ data.good }}" } }
  cut: { uses: prune, with: { model: "\${{ dense.model }}", fraction: 0.2 } }
  boxes: { each: dense, uses: lost, with: { model: "\${{ member.model }}", data: "\${{ data.bad }}" } }
  late: { needs: [dense], uses: command, with: { run: [echo] } }\n`;
    expect(await diagnose(text)).toEqual(['unknown-adapter 2:46+5', 'unknown-kind 4:18+5']);
  });
});
