import { mkdir, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../cache/json.ts';
import { fieldName } from '../../../cli/show-values.ts';
import { whyDocument } from '../../../cli/why-document.ts';
import { taskLines } from '../../../cli/why-text.ts';
import type { Registry } from '../../../engine/contract/registry.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import type { Coordinates, Facts } from '../../../engine/contract/scalar.ts';
import type { Plan, PlannedTask } from '../../../engine/plan/plan.ts';
import { groupCauses } from '../../../engine/run/group-causes.ts';
import type { Cause, TaskWhy } from '../../../engine/run/task-why.ts';
import { explain } from '../../../engine/run/why.ts';
import { command } from '../../../tasks/command/index.ts';
import { printedJsonProblem } from '../../support/printed-json.ts';
import { sketchPlan } from '../support/plans.ts';
import type { PlanSketch, TaskSketch } from '../support/plans.ts';
import { recordRun } from '../support/record-run.ts';
import type { Ending } from '../support/record-run.ts';
import { openRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { scriptedRegistry } from '../support/scripted-kinds.ts';

const note = scriptedRegistry.kinds.find(({ kind }) => kind === 'note')!;

/** A kind with options of every shape. */
const shaped = {
  ...note,
  kind: 'shaped',
  options: {
    type: 'object',
    properties: {
      recipe: {
        type: 'object',
        properties: { epochs: { type: 'number', default: 8 }, rate: { type: 'number', default: 0.1 } },
        default: {},
      },
      metrics: { type: 'array', items: { type: 'string' }, default: [] },
      fine: { type: 'boolean', default: false },
      limit: { type: ['number', 'null'], default: null },
      steps: { type: 'array', items: { type: 'object' }, default: [] },
      // As the kinds that compute have them.
      precision: { enum: ['float32', 'tf32'], default: 'float32' },
    },
  },
};

const registry: Registry = { ...scriptedRegistry, kinds: [...scriptedRegistry.kinds, shaped, command] };

let rig: Rig;
let runs = 0;
beforeEach(async () => {
  rig = await openRig();
  runs = 0;
});
afterEach(() => rig[Symbol.asyncDispose]());

/** The last of a name's version is that of a fix in some models alone. */
const fixed = {
  ...note,
  version: ({ text }: JsonObject): number => (text === 'y' ? 2 : 1),
};

interface Sketched {
  readonly sketch: PlanSketch;
  /** What `a` gathers, in place of coordinates and facts that a sketch makes up. */
  readonly gathers?: readonly {
    readonly from: string;
    readonly coordinates: Coordinates;
    readonly facts?: Facts;
  }[];
  readonly params?: JsonObject;
  readonly registry?: Registry;
}

function planOf({ sketch, params = {}, gathers }: Sketched): Plan {
  const plan = { ...sketchPlan({ file: join(rig.studyDir, 'study.yaml'), ...sketch }), params };
  const id = taskId('a');
  const task = plan.tasks.get(id);
  if (gathers === undefined || task === undefined) return plan;
  const items = gathers.map(({ from, coordinates, facts = {} }) => ({
    ...{ from: taskId(from), output: 'out', coordinates, facts },
  }));
  const gathering: PlannedTask = { ...task, inputs: { all: { kind: 'gathered', items } } };
  return { ...plan, tasks: new Map([...plan.tasks, [id, gathering]]) };
}

async function record(
  sketched: Sketched,
  more: { readonly endings?: { readonly [task: string]: Ending }; readonly finished?: boolean } = {},
): Promise<string> {
  const run = String(++runs);
  const plan = planOf(sketched);
  await recordRun({ store: rig.store, plan, registry: sketched.registry ?? registry, run, ...more });
  return run;
}

async function ask(sketched: Sketched, ...tasks: readonly string[]): Promise<readonly TaskWhy[]> {
  const plan = planOf(sketched);
  const answers = await explain({
    plan,
    registry: sketched.registry ?? registry,
    store: rig.store,
    tasks: tasks.length === 0 ? [...plan.tasks.keys()] : tasks.map(taskId),
  });
  // Whatever comes of it is printed as documented.
  expect(printedJsonProblem('WhyDocument', whyDocument(plan, answers, []))).toBeUndefined();
  return answers;
}

const one = (task: TaskSketch, more: Partial<PlanSketch> = {}): Sketched => ({
  sketch: { ...more, tasks: { a: task } },
});

/** `a`, which gathers outputs of `m` and `n`. */
const gathering = (...gathers: NonNullable<Sketched['gathers']>): Sketched => ({
  sketch: {
    tasks: {
      m: { options: { text: 'm' } },
      n: { options: { text: 'n' } },
      a: { inputs: { all: ['m.out', 'n.out'] } },
    },
  },
  gathers,
});

const shape = (options: JsonObject): Sketched =>
  one({ kind: 'shaped', options: { recipe: { epochs: 8, rate: 0.1 }, metrics: [], ...options } });

/** A command as its schema fills it in. */
const program = (options: JsonObject): TaskSketch => ({
  kind: 'command',
  options: {
    run: ['true'],
    files: [],
    env: {},
    versions: [],
    sandbox: 'none',
    outputs: { out: { type: 'text', path: 'o' } },
    ...options,
  },
});

/** Field, old and new value of every cause. */
function told(causes: readonly Cause[]): readonly unknown[] {
  return causes.map((cause) => {
    if (cause.kind !== 'changed') return [cause.kind, cause.task];
    const { field, before, after } = cause.change;
    return [cause.task, field, before.value, after.value];
  });
}

describe('each component of a key, when it changes, is named with its old and its new value', () => {
  it.each<[string, Sketched, Sketched, readonly unknown[]]>([
    [
      'an option',
      one({ options: { text: 'x' } }),
      one({ options: { text: 'y' } }),
      ['options.text', 'x', 'y'],
    ],
    [
      'an option that had its default',
      one({ options: { text: 'x', volume: 3 } }),
      one({ options: { text: 'x', volume: 4 } }),
      ['options.volume', 3, 4],
    ],
    [
      'an option inside another',
      one({ kind: 'shaped', options: { recipe: { epochs: 9, rate: 0.1 }, metrics: [] } }),
      one({ kind: 'shaped', options: { recipe: { epochs: 9, rate: 0.2 }, metrics: [] } }),
      ['options.recipe.rate', 0.1, 0.2],
    ],
    [
      'an option inside one that was left at its default as a whole',
      one({ kind: 'shaped', options: { recipe: { epochs: 8, rate: 0.1 }, metrics: [] } }),
      one({ kind: 'shaped', options: { recipe: { epochs: 9, rate: 0.1 }, metrics: [] } }),
      ['options.recipe.epochs', 8, 9],
    ],
    [
      'a list that became longer',
      one({ kind: 'shaped', options: { recipe: {}, metrics: ['rma'] } }),
      one({ kind: 'shaped', options: { recipe: {}, metrics: ['rma', 'rra'] } }),
      ['options.metrics', ['rma'], ['rma', 'rra']],
    ],
    [
      "an argument of a command's",
      one(program({ run: ['sh', '-c', 'echo 1'] })),
      one(program({ run: ['sh', '-c', 'echo 2'] })),
      ['options.run.2', 'echo 1', 'echo 2'],
    ],
    [
      "a command's environment",
      one(program({ env: { SEED: '1' } })),
      one(program({ env: { SEED: '2' } })),
      ['options.env.SEED', '1', '2'],
    ],
    [
      "a variable that a command's environment had not",
      one(program({})),
      one(program({ env: { SEED: '2' } })),
      ['options.env.SEED', undefined, '2'],
    ],
    [
      'a version that a program tells',
      one(program({ versions: [['printf', '1.0']] })),
      one(
        program({
          versions: [
            ['printf', '1.0'],
            ['printf', '2.0'],
          ],
        }),
      ),
      ['versions.printf 2.0', undefined, '2.0'],
    ],
    [
      'smoke',
      one({ options: { text: 'x' } }),
      one({ options: { text: 'x' } }, { smoke: true }),
      ['smoke', undefined, true],
    ],
    [
      'the version of the kind',
      one({ options: { text: 'x' } }),
      { ...one({ options: { text: 'x' } }), registry: { ...registry, kinds: [{ ...note, version: 2 }] } },
      ['version', 1, 2],
    ],
    [
      'an option that is true or false',
      shape({ fine: false }),
      shape({ fine: true }),
      ['options.fine', false, true],
    ],
    ['an option that was null', shape({ limit: null }), shape({ limit: 3 }), ['options.limit', null, 3]],
    ['an option that becomes null', shape({ limit: 3 }), shape({ limit: null }), ['options.limit', 3, null]],
    [
      'an item of a list',
      shape({ metrics: ['rma', 'rra', 'iou'] }),
      shape({ metrics: ['rma', 'rra', 'dice'] }),
      ['options.metrics.2', 'iou', 'dice'],
    ],
    [
      'the order of a list',
      shape({ metrics: ['rma', 'rra'] }),
      shape({ metrics: ['rra', 'rma'] }),
      ['options.metrics', ['rma', 'rra'], ['rra', 'rma']],
    ],
    [
      'a field of a record in a list',
      shape({ steps: [{ cut: 0.2, of: { layer: 'conv1' } }] }),
      shape({ steps: [{ cut: 0.2, of: { layer: 'conv2' } }] }),
      ['options.steps.0.of.layer', 'conv1', 'conv2'],
    ],
    [
      'the precision',
      shape({ precision: 'float32' }),
      shape({ precision: 'tf32' }),
      ['options.precision', 'float32', 'tf32'],
    ],
    [
      'a version that depends on options',
      { ...one({ options: { text: 'x' } }), registry: { ...registry, kinds: [fixed] } },
      { ...one({ options: { text: 'y' } }), registry: { ...registry, kinds: [fixed] } },
      ['version', 1, 2],
    ],
    [
      'a real run after a smoke run',
      one({ options: { text: 'x' } }, { smoke: true }),
      one({ options: { text: 'x' } }),
      ['smoke', true, undefined],
    ],
    [
      'facts of one item of what is gathered',
      gathering({ from: 'm', coordinates: { pool: 0 }, facts: { sparsity: 0.5 } }),
      gathering({ from: 'm', coordinates: { pool: 0 }, facts: { sparsity: 0.6 } }),
      ['inputs.all@pool=0.facts.sparsity', 0.5, 0.6],
    ],
    [
      'a fact that one item of what is gathered had not',
      gathering({ from: 'm', coordinates: { pool: 0 } }),
      gathering({ from: 'm', coordinates: { pool: 0 }, facts: { sparsity: 0.6 } }),
      ['inputs.all@pool=0.facts.sparsity', undefined, 0.6],
    ],
    [
      'the order of what is gathered',
      gathering({ from: 'm', coordinates: { of: 'm' } }, { from: 'n', coordinates: { of: 'n' } }),
      gathering({ from: 'n', coordinates: { of: 'n' } }, { from: 'm', coordinates: { of: 'm' } }),
      ['inputs.all.order', ['of=m', 'of=n'], ['of=n', 'of=m']],
    ],
    [
      'what a command declares to make',
      one(program({})),
      one(program({ outputs: { out: { type: 'text', path: 'other' } } })),
      ['options.outputs.out.path', 'o', 'other'],
    ],
    [
      'the kind',
      one({ options: { text: 'x' } }),
      one({ kind: 'pair', options: { text: 'x' } }),
      ['kind', 'note', 'pair'],
    ],
  ])('%s', async (_, before, after, expected) => {
    const run = await record(before);
    expect((await ask(before, 'a'))[0]?.standing.state).toBe('cached');
    const [why] = await ask(after, 'a');
    expect(why).toMatchObject({ standing: { state: 'run' }, against: { run, how: 'same-task' } });
    expect(told(why!.causes)).toContainEqual(['a', ...expected]);
    // What is asked for a change of the kind's options comes with it.
    const more = ['kind', 'versions.printf 2.0', 'options.env.SEED', 'version'];
    if (!more.includes(String(expected[0]))) expect(why!.causes).toHaveLength(1);
    // And what is said of it names the field, with both values.
    const text = stripVTControlCharacters(taskLines(why!, Infinity).join('\n'));
    expect(text).toContain(fieldName(String(expected[0])));
    for (const value of expected.slice(1))
      if (typeof value === 'string' || typeof value === 'number') expect(text).toContain(String(value));
  });

  it('the content of a file that a command names', async () => {
    const sketched = one(program({ files: ['script.py', 'same.py'] }));
    await writeFile(join(rig.studyDir, 'same.py'), 'same');
    await writeFile(join(rig.studyDir, 'script.py'), 'one');
    await record(sketched);
    await writeFile(join(rig.studyDir, 'script.py'), 'two');
    const [why] = await ask(sketched);
    const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
    expect(told(why!.causes)).toEqual([['a', 'files.script.py', digest, digest]]);
  });

  it('what a program tells of its version, where its command is the same', async () => {
    const versions = [['cat', join(rig.studyDir, 'version')]];
    const sketched = one(program({ versions }));
    await writeFile(join(rig.studyDir, 'version'), '1.0');
    await record(sketched);
    await writeFile(join(rig.studyDir, 'version'), '1.1');
    const [why] = await ask(sketched);
    expect(told(why!.causes)).toEqual([['a', `versions.${versions[0]!.join(' ')}`, '1.0', '1.1']]);
  });

  it('files of a data set: added, removed and changed, by count and name', async () => {
    const root = join(rig.studyDir, 'set');
    await mkdir(root);
    for (const name of ['a', 'b', 'c']) await writeFile(join(root, name), name);
    const over = (files: readonly string[]): Sketched => ({
      sketch: {
        data: { set: { adapter: 'folder', root, options: { files } } },
        tasks: { a: { inputs: { images: 'data:set' } } },
      },
    });
    await record(over(['a', 'b', 'c']));
    await writeFile(join(root, 'b'), 'B');
    await writeFile(join(root, 'd'), 'd');
    const [why] = await ask(over(['b', 'c', 'd']));
    expect(why?.changes).toMatchObject([
      {
        field: 'inputs.images',
        data: {
          data: 'set',
          settings: [{ field: 'options.files' }],
          files: {
            before: 3,
            after: 3,
            added: { count: 1, first: ['d'] },
            removed: { count: 1, first: ['a'] },
            changed: { count: 1, first: ['b'] },
          },
        },
      },
    ]);
  });

  it('a data set whose files no run has listed, by its digests', async () => {
    const data = { set: { adapter: 'folder', root: rig.studyDir, options: { files: [] } } };
    const sketch = { data, tasks: { a: { inputs: { images: 'data:set' } } } };
    await record({ sketch });
    await writeFile(join(rig.studyDir, 'new'), 'new');
    const changed = { ...data, set: { ...data.set, options: { files: ['new'] } } };
    const [why] = await ask({ sketch: { ...sketch, data: changed } });
    expect(why?.changes[0]?.data).toMatchObject({ data: 'set', files: undefined });
  });

  it('an input that is taken from another task, added, or left out', async () => {
    const tasks = { a: { options: { text: '1' } }, b: { options: { text: '2' } } };
    const reading = (inputs: TaskSketch['inputs']): Sketched => ({
      sketch: { tasks: { ...tasks, c: { inputs: inputs! } } },
    });
    await record(reading({ from: 'a.out', more: 'b.out' }));
    const [other] = await ask(reading({ from: 'b.out', more: 'b.out' }), 'c');
    expect(other?.causes).toMatchObject([
      { task: 'c', change: { field: 'inputs.from', from: { before: 'a.out', after: 'b.out' } } },
    ]);
    const [less] = await ask(reading({ from: 'a.out' }), 'c');
    expect(less?.causes).toMatchObject([
      { change: { field: 'inputs.more', after: { value: undefined }, from: { before: 'b.out' } } },
    ]);
  });

  it('where an item of what is gathered lies', async () => {
    await record(gathering({ from: 'm', coordinates: { pool: 0 } }));
    const [why] = await ask(gathering({ from: 'm', coordinates: { pool: 1 } }), 'a');
    expect(why?.changes.map(({ field, before, after }) => [field, before.value, after.value])).toEqual([
      ['inputs.all@pool=0', expect.anything(), undefined],
      ['inputs.all@pool=1', undefined, expect.anything()],
    ]);
  });

  it('one item of what is gathered, and one that is new', async () => {
    const gather = (texts: readonly string[]): Sketched => ({
      sketch: {
        tasks: {
          ...Object.fromEntries(texts.map((text, index) => [`m@pool=${index}`, { options: { text } }])),
          sum: { inputs: { all: texts.map((_, index) => `m@pool=${index}.out`) } },
        },
      },
    });
    await record(gather(['x', 'y', 'z']));
    const [changed] = await ask(gather(['x', 'Y', 'z']), 'sum');
    expect(changed?.changes.map(({ field }) => field)).toEqual(['inputs.all@pool=1']);
    expect(told(changed!.causes)).toEqual([['m@pool=1', 'options.text', 'y', 'Y']]);
    const [longer] = await ask(gather(['x', 'y', 'z', 'new']), 'sum');
    expect(longer?.changes).toMatchObject([{ field: 'inputs.all@pool=3', from: { after: 'm@pool=3.out' } }]);
  });
});

describe('a change is followed to its root', () => {
  const chain = (text: string): PlanSketch['tasks'] => ({
    a: { options: { text } },
    b: { inputs: { from: 'a.out' } },
    c: { inputs: { from: 'b.out' } },
  });

  it('through tasks that have no result yet', async () => {
    await record({ sketch: { tasks: chain('x') } });
    const answers = await ask({ sketch: { tasks: chain('y') } });
    expect(answers.map(({ standing }) => standing.state)).toEqual(['run', 'if-changed', 'if-changed']);
    for (const { causes } of answers) expect(told(causes)).toEqual([['a', 'options.text', 'x', 'y']]);
    expect(answers[2]?.changes).toMatchObject([
      { field: 'inputs.from', notMade: true, from: { before: 'b.out', after: 'b.out' } },
    ]);
  });

  it('to a task that made other bytes from the same key', async () => {
    const sketch = { tasks: { ...chain('x') } };
    await record({ sketch: { tasks: { a: sketch.tasks['a']! } } });
    // What this run had of `a` is not what stands.
    await record({ sketch }, { endings: { a: { kind: 'done', bytes: 'other' } } });
    const [b] = await ask({ sketch }, 'b');
    expect(b).toMatchObject({
      standing: { state: 'run' },
      causes: [{ kind: 'remade', task: 'a', output: 'out' }],
    });
  });

  it('to the parameter whose new value it is, also inside text', async () => {
    const sketch = (rate: number, word: string): Sketched => ({
      sketch: {
        tasks: {
          a: { options: { text: `${word} at ${rate}`, volume: rate } },
          b: { inputs: { from: 'a.out' } },
        },
      },
      params: { rate, word },
    });
    await record(sketch(0.1, 'go'));
    const [, b] = await ask(sketch(0.2, 'go'));
    expect(b?.causes.map((cause) => cause.kind === 'changed' && cause.change.param)).toEqual([
      { name: 'rate', before: 0.1, after: 0.2 },
    ]);
  });
});

describe('how a task stands', () => {
  const sketch = { tasks: { a: { options: { text: 'x' } }, b: { inputs: { from: 'a.out' } } } };
  const failure = { class: 'task', message: 'no' } as const;

  it('cached: with the result, and the run that made it', async () => {
    const run = await record({ sketch });
    const [a] = await ask({ sketch });
    expect(a).toMatchObject({
      standing: { state: 'cached', madeIn: run, result: { provenance: { durationMs: 5 } } },
      changes: [],
      causes: [],
    });
  });

  it('failed, and blocked by what failed, until something changes', async () => {
    const run = await record({ sketch }, { endings: { a: { kind: 'failed', failure } } });
    const [a, b] = await ask({ sketch });
    expect(a?.standing).toEqual({ state: 'failed', run, attempt: 1, failure });
    expect(b?.standing).toEqual({ state: 'blocked', run, by: 'a', failure });
    const changed = { tasks: { ...sketch.tasks, a: { options: { text: 'y' } } } };
    const [mended, following] = await ask({ sketch: changed });
    expect(mended?.standing).toMatchObject({ state: 'run', reason: { kind: 'changed' } });
    expect(following?.standing).toMatchObject({ state: 'if-changed', follows: 'a' });
  });

  it('unfinished, where a run was cut off at it', async () => {
    const run = await record({ sketch }, { endings: { a: { kind: 'running' } } });
    expect((await ask({ sketch }, 'a'))[0]?.standing).toEqual({
      state: 'run',
      reason: { kind: 'unfinished', run, end: 'failed', snapshot: false },
    });
  });

  it('running, while the driver lives', async () => {
    const run = await record({ sketch }, { endings: { a: { kind: 'running' } }, finished: false });
    expect((await ask({ sketch }, 'a'))[0]?.standing).toEqual({ state: 'running', run, slot: 'cpu:0' });
  });

  it('new, with the nearest task of its kind to compare with', async () => {
    expect((await ask({ sketch }, 'a'))[0]).toMatchObject({
      standing: { state: 'run', reason: { kind: 'new', runs: 0 } },
      against: undefined,
    });
    await record({
      sketch: {
        tasks: {
          'm@n=1': { coordinates: { n: 1 }, options: { text: '1', volume: 7 } },
          far: { options: { text: 'z', volume: 9 } },
        },
      },
    });
    const [why] = await ask({
      sketch: { tasks: { 'm@n=2': { coordinates: { n: 2 }, options: { text: '2', volume: 7 } } } },
    });
    expect(why).toMatchObject({
      standing: { state: 'run', reason: { kind: 'new', runs: 1 } },
      against: { task: 'm@n=1', how: 'alike' },
      changes: [{ field: 'options.text', before: { value: '1' }, after: { value: '2' } }],
    });
  });

  it('by the task’s own last action, rather than another that is nearer', async () => {
    await record({
      sketch: {
        tasks: { a: { options: { text: 'x', volume: 1 } }, b: { options: { text: 'y', volume: 2 } } },
      },
    });
    const [why] = await ask({ sketch: { tasks: { a: { options: { text: 'y', volume: 3 } } } } });
    expect(why?.against).toMatchObject({ task: 'a', how: 'same-task' });
    expect(why?.changes.map(({ field }) => field)).toEqual(['options.text', 'options.volume']);
  });

  it('unusable, with the way out', async () => {
    const data = { set: { adapter: 'folder', root: '/nowhere' } };
    const [why] = await ask({ sketch: { data, tasks: { a: { inputs: { images: 'data:set' } } } } });
    expect(why?.standing).toMatchObject({
      state: 'unusable',
      message: expect.stringContaining('no folder') as string,
    });
  });
});

describe('many tasks', () => {
  it('are grouped by what made them so', async () => {
    const sketch = (rate: number): Sketched => ({
      params: { rate },
      sketch: {
        tasks: {
          ...Object.fromEntries(
            Array.from({ length: 30 }, (_, n) => [`m@n=${n}`, { options: { text: `${n} at ${rate}` } }]),
          ),
          other: { options: { text: 'x' } },
          sum: { inputs: { all: Array.from({ length: 30 }, (_, n) => `m@n=${n}.out`) } },
        },
      },
    });
    await record(sketch(0.1));
    const groups = groupCauses(await ask(sketch(0.2)));
    expect(groups.map(({ tasks, causes }) => [tasks.length, causes.length])).toEqual([
      [31, 1],
      [1, 0],
    ]);
    expect(groups[0]?.causes[0]?.first).toMatchObject({ change: { param: { name: 'rate' } } });
  });

  it('with a field of several values, say of how many', async () => {
    const sketch = (word: string): Sketched => ({
      sketch: {
        tasks: { 'm@n=1': { options: { text: `1 ${word}` } }, 'm@n=2': { options: { text: `2 ${word}` } } },
      },
    });
    await record(sketch('x'));
    expect(groupCauses(await ask(sketch('y')))).toMatchObject([
      { tasks: ['m@n=1', 'm@n=2'], causes: [{ count: 2 }] },
    ]);
  });
});
