import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../../cache/json.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { formatDiagnostics } from '../../../engine/study/format-diagnostics.ts';
import { studySchema } from '../../../engine/study/schema.ts';
import { designStudy } from '../support/design-study.ts';
import { diagnose, load, plan, underlined } from '../support/diagnose.ts';
import { fakeRegistry } from '../support/fake-registry.ts';

/** The value of one expression, as a task's option sees it. */
async function value(
  expression: string,
  params = '{ n: 3, z: 0, f: 0.5, s: a, l: [1, 2, 3] }',
): Promise<Json> {
  const text = `study: x
params: ${params}
tasks:
  t: { uses: command, with: { run: ["\${{ string(${expression}) }}"] } }\n`;
  const run = (await plan(text)).tasks.get(taskId('t'))?.options['run'];
  return Array.isArray(run) ? (run[0] as Json) : null;
}

describe('expressions', () => {
  it.each([
    ['params.n - 1', '2'],
    ['1 - params.n', '-2'],
    ['params.n / 2', '1.5'],
    ['1 + 2', '3'],
    ['7 % 4', '3'],
    ['params.n % 2', '1'],
    ['params.n * params.f', '1.5'],
    ['params.n == 3', 'true'],
    ['params.n in [1, 2, 3]', 'true'],
    ['params.l[params.n - 1]', '3'],
    ['size(params.l) > 2 && params.s == "a"', 'true'],
    ['params.l.map(x, x * 2).exists(x, x == 6)', 'true'],
    ['params.z == 0 || 1.0 / params.z > 1', 'true'],
    ['has(params.s)', 'true'],
  ])('%s is %s', async (expression, expected) => {
    expect(await value(expression.replaceAll('"', "'"))).toBe(expected);
  });

  it.each([
    ['1 / 2', 'integer-division'],
    ['params.n / params.z', 'division-by-zero'],
    ['params.n % params.z', 'division-by-zero'],
    ["params.n + 'a'", 'expression'],
    ['params.n +', 'expression'],
    ['params.s.matches("(a+)+$")', 'expression'],
    ['params.l.map(x, params.l.map(y, y))', 'expression'],
    ['timestamp("2026-01-01T00:00:00Z")', 'expression'],
    ['nothing', 'unknown-task'],
    ['member.index', 'no-member'],
    ['previous.sparsity', 'no-previous'],
    ['params', 'incomplete-reference'],
    ['params.constructor', 'unknown-param'],
    ['matrix.seed', 'unknown-axis'],
    ['x'.repeat(3000), 'expression'],
  ])('refuses %s', async (expression, code) => {
    const text = `study: x
params: { n: 3, z: 0, s: a, l: [1, 2] }
tasks:
  t: { uses: command, if: '${expression.replaceAll("'", "''")} == 1', with: { run: [x] } }\n`;
    const codes = (await diagnose(text)).map((one) => one.split(' ')[0]);
    expect(codes).toEqual([code]);
  });

  it('are found at their place in folded and quoted text', async () => {
    const text = `study: x
params: { n: 3 }
tasks:
  t:
    uses: command
    with:
      run:
        - >-
          one
          \${{ params.m }}
        - 'it''s \${{ params.k }}'\n`;
    expect((await underlined(text)).map(({ at }) => at)).toEqual(['m', 'k']);
  });
});

describe('templates', () => {
  const template = `study: round
params: { model: null, fraction: 0.2 }
tasks:
  cut: { uses: prune, with: { model: "\${{ params.model }}", fraction: "\${{ params.fraction }}" } }
`;
  const study = `study: x
data: { train: { uses: shapes } }
matrix: { seed: [0, 1] }
tasks:
  dense: { uses: train, with: { model: resnet20, data: "\${{ data.train }}", seed: "\${{ matrix.seed }}" } }
  rounds:
    uses: ./round.yaml
    repeat: { from: "\${{ dense.model }}", to: "\${{ cut.model }}", times: 3 }
    with: { model: "\${{ previous }}" }
`;

  async function folder(files: { readonly [name: string]: string }): Promise<string> {
    const dir = await mkdtemp(join(tmpdir(), 'study-'));
    onTestFinished(() => rm(dir, { recursive: true }));
    for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
    return dir;
  }

  it('take references through their params, and can be repeated', async () => {
    const dir = await folder({ 'round.yaml': template });
    const planned = await plan(study, { file: join(dir, 'study.yaml') });
    expect(planned.tasks.size).toBe(2 + 6);
    expect(planned.tasks.get(taskId('rounds/cut@seed=1,step=2'))?.inputs['model']).toMatchObject({
      from: 'rounds/cut@seed=1,step=1',
    });
  });

  it('point into their own file when something in them is wrong', async () => {
    const dir = await folder({ 'round.yaml': template.replace('params.fraction', 'params.fractoin') });
    const loaded = await load(study, { file: join(dir, 'study.yaml') });
    if (loaded.kind === 'planned') throw new Error('it is wrong');
    expect(loaded.diagnostics.map(({ code, place }) => [code, place.file, place.line])).toEqual([
      ['unknown-param', join(dir, 'round.yaml'), 4],
    ]);
  });

  it('say what they need, and what they do not have', async () => {
    const dir = await folder({ 'round.yaml': template });
    const file = join(dir, 'study.yaml');
    const without = study.replace('with: { model: "${{ previous }}" }', 'with: { modle: 1 }');
    expect(await diagnose(without, { file })).toEqual(['missing-param 9:5+4', 'unknown-param 9:13+5']);
    expect(await diagnose(study.replace('./round.yaml', './rund.yaml'), { file })).toEqual([
      'unreadable-file 7:11+11',
    ]);
  });

  it('cannot use each other in a circle', async () => {
    const other = template.replace('cut: {', 'again: { uses: ./round.yaml, with: { model: 1 } }\n  cut: {');
    const dir = await folder({ 'round.yaml': other });
    const codes = (await diagnose(study, { file: join(dir, 'study.yaml') })).map((one) => one.split(' ')[0]);
    expect(codes).toContain('cycle');
  });
});

describe('the generated schema', () => {
  const validate = new Ajv2020({ strict: false, allErrors: true }).compile(studySchema(fakeRegistry));

  it('takes studies as people write them, with expressions in place of values', () => {
    expect(validate(parse(designStudy))).toBe(true);
    const task = {
      uses: 'train',
      with: { recipe: { epochs: '${{ params.e }}' }, seed: '${{ matrix.seed }}' },
    };
    expect(validate({ study: 'x', tasks: { t: task } })).toBe(true);
  });

  it.each([
    [{ uses: 'trian' }],
    [{ uses: 'train', with: { recipe: { epochs: 'many' } } }],
    [{ uses: 'train', wiht: {} }],
    [{ uses: 'train', with: { data: 'train' } }],
    [{ uses: 'pool', with: { models: [] } }],
    [{ uses: 'prune', resources: { gpu: 0.5 } }],
    [{ repeat: { from: '${{ a.b }}', to: '${{ c.d }}' }, tasks: { t: { uses: 'prune' } } }],
  ])('refuses %j', (task) => {
    expect(validate({ study: 'x', tasks: { t: task } })).toBe(false);
  });

  it('describes every option', () => {
    expect(JSON.stringify(studySchema(fakeRegistry))).toContain('share of what is left');
  });
});

describe('how diagnostics look', () => {
  it('with place, line, caret and help', async () => {
    const wide = await load('study: "名前"\ntasks: { "一": { uses: prnue } }\n');
    if (wide.kind === 'planned') throw new Error('it is wrong');
    const shown = formatDiagnostics(wide.diagnostics.slice(-1), wide.sources, {
      color: false,
      cwd: '/studies',
    });
    // The wide character before the caret takes two columns of a terminal, and one of an editor.
    expect(shown).toBe(`error[unknown-kind]: there is no task kind 'prnue'
 --> study.yaml:2:23
  |
2 | tasks: { "一": { uses: prnue } }
  |                        ^^^^^
  = help: did you mean 'prune'?

1 error
`);
    const tabbed = 'study: x\ntasks:\n\tt: {}\n';
    expect((await diagnose(tabbed)).length).toBeGreaterThan(0);
  });

  it('without letting control characters of the file reach the terminal', async () => {
    const loaded = await load('study: x\ntasks: { t: { uses: "\u001b[31mred" } }\n');
    if (loaded.kind === 'planned') throw new Error('it is wrong');
    expect(formatDiagnostics(loaded.diagnostics, loaded.sources, { color: false })).not.toContain('\u001b');
  });

  it('coloured where colours are wanted', async () => {
    const loaded = await load('study: x\ntasks: { t: { uses: prnue } }\n');
    if (loaded.kind === 'planned') throw new Error('it is wrong');
    expect(formatDiagnostics(loaded.diagnostics, loaded.sources, { color: true })).toContain('\u001b[31m');
  });
});

describe('what a kind decides by its options', () => {
  const cutting = (first: number, second: number): string => `study: x
data: { train: { uses: shapes } }
tasks:
  dense: { uses: train, with: { model: resnet20, data: "\${{ data.train }}", recipe: {} } }
  once: { uses: prune, with: { model: "\${{ dense.model }}", fraction: ${first} } }
  twice: { uses: prune, with: { model: "\${{ once.model }}", fraction: ${second} } }\n`;

  it('resources may depend on them, and what a task asks for replaces its part', async () => {
    const { tasks } = await plan(cutting(1, 0.5));
    expect(tasks.get(taskId('once'))?.resources).toEqual({ slots: 0, cpu: 1 });
    expect(tasks.get(taskId('twice'))?.resources).toEqual({ slots: 1 });
    const asked = cutting(1, 0.5).replace('fraction: 1 } }', 'fraction: 1 }, resources: { cpu: 3 } }');
    expect((await plan(asked)).tasks.get(taskId('once'))?.resources).toEqual({ slots: 0, cpu: 3 });
  });

  it('a check sees the facts of the inputs, and what it finds is shown at the option', async () => {
    expect(await underlined(cutting(0.5, 1))).toEqual([{ code: 'bad-option', at: '1', hint: 'take less' }]);
  });
});
