import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArchivedData } from '../../../cache/archive/archived-data.ts';
import { rememberData } from '../../../cache/archive/remembered-data.ts';
import { digestOf } from '../../../cache/digest.ts';
import type { JsonObject } from '../../../cache/json.ts';
import type { TaskKind } from '../../../engine/contract/task-kind.ts';
import { Keyer } from '../../../engine/keys/keyer.ts';
import type { KeyResult, KeyerOptions, OutputLookup } from '../../../engine/keys/keyer.ts';
import { merkleDigest } from '../../../engine/keys/merkle.ts';
import { namedFile, whyUnreadable } from '../../../engine/keys/recorded-data.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { sketchPlan } from '../support/plans.ts';
import type { PlanSketch } from '../support/plans.ts';
import { openRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { scriptedRegistry } from '../support/scripted-kinds.ts';

const known: OutputLookup = (task, output) => digestOf(`${task}.${output}`);

async function keyOf(
  rig: Rig,
  sketch: PlanSketch,
  options: Partial<KeyerOptions> & { readonly outputOf?: OutputLookup } = {},
): Promise<KeyResult> {
  const plan = sketchPlan({ file: join(rig.studyDir, 'study.yaml'), ...sketch });
  const keyer = new Keyer({
    plan,
    registry: scriptedRegistry,
    store: rig.store,
    signal: new AbortController().signal,
    ...options,
  });
  const task = plan.tasks.get(taskId('t'));
  if (task === undefined) throw new Error('the sketch has no task t');
  return keyer.key(task, options.outputOf ?? known);
}

const keyText = (result: KeyResult): string => (result.kind === 'keyed' ? result.keyed.text : result.kind);

describe('a key', () => {
  const other = { other: {} };

  it('has kind, version, options less defaults and digests of inputs, and no names', async () => {
    await using rig = await openRig();
    const result = await keyOf(rig, {
      tasks: {
        ...other,
        t: { options: { text: 'x', script: '', volume: 3 }, inputs: { from: 'other.out' } },
      },
    });
    expect(JSON.parse(keyText(result))).toEqual({
      format: 1,
      kind: 'note',
      version: 1,
      options: { text: 'x' },
      inputs: { from: { artifact: digestOf('other.out') } },
    });
    expect(result.kind === 'keyed' && result.keyed.key).toBe(digestOf(keyText(result)));
  });

  it('has a gathered input in order, with coordinates and facts', async () => {
    await using rig = await openRig();
    const sketch = (all: readonly string[]): PlanSketch => ({
      tasks: { a: { facts: { out: { sparsity: 0.5 } } }, b: {}, t: { inputs: { all } } },
    });
    const forth = await keyOf(rig, sketch(['a.out', 'b.out']));
    expect(JSON.parse(keyText(forth))).toMatchObject({
      inputs: {
        all: {
          gathered: [
            { artifact: digestOf('a.out'), coordinates: { pool: 0 }, facts: { sparsity: 0.5 } },
            { artifact: digestOf('b.out'), coordinates: { pool: 1 }, facts: {} },
          ],
        },
      },
    });
    expect(keyText(await keyOf(rig, sketch(['b.out', 'a.out'])))).not.toBe(keyText(forth));
  });

  it('is not that of a smoke run', async () => {
    await using rig = await openRig();
    const smoke = keyText(await keyOf(rig, { smoke: true, tasks: { t: {} } }));
    expect(smoke).not.toBe(keyText(await keyOf(rig, { tasks: { t: {} } })));
  });

  it('is not known before its inputs are', async () => {
    await using rig = await openRig();
    const tasks = { ...other, t: { inputs: { from: 'other.out' } } };
    const result = await keyOf(rig, { tasks }, { outputOf: () => undefined });
    expect(result).toEqual({ kind: 'waiting', producer: 'other' });
  });

  it('has the content of data, wherever it lies, found once', async () => {
    await using rig = await openRig();
    const keys: string[] = [];
    for (const place of ['one', 'two']) {
      const root = join(rig.studyDir, place);
      await mkdir(root);
      await writeFile(join(root, 'x'), 'content');
      const told: string[] = [];
      const result = await keyOf(
        rig,
        {
          data: { set: { adapter: 'folder', root, options: { files: ['x'] } } },
          tasks: { t: { inputs: { data: 'data:set', again: 'data:set' } } },
        },
        { onDataIdentified: (name) => told.push(name) },
      );
      expect(told).toEqual(['set']);
      keys.push(keyText(result));
    }
    expect(keys[0]).toBe(keys[1]);
  });

  it('has what the kind finds on this machine', async () => {
    await using rig = await openRig();
    await writeFile(join(rig.studyDir, 'script'), 'text');
    let asked = 0;
    const [note] = scriptedRegistry.kinds as readonly [TaskKind, ...TaskKind[]];
    const kind: TaskKind = {
      ...note,
      version: (options: JsonObject) => (options['text'] === 'new' ? 2 : 1),
      identify: async ({ digestOfFile, once }) => ({
        kind: 'identified',
        identity: {
          script: await digestOfFile('script'),
          tool: await once('tool', () => Promise.resolve(++asked)),
        },
      }),
    };
    const registry = { ...scriptedRegistry, kinds: [kind] };
    const result = await keyOf(rig, { tasks: { t: { options: { text: 'new' } } } }, { registry });
    expect(JSON.parse(keyText(result))).toMatchObject({
      version: 2,
      identity: { script: digestOf('text'), tool: 1 },
    });
    const gone: TaskKind = {
      ...kind,
      identify: async ({ digestOfFile }) => {
        await digestOfFile('nowhere');
        return { kind: 'identified', identity: {} };
      },
    };
    expect(
      await keyOf(rig, { tasks: { t: {} } }, { registry: { ...registry, kinds: [gone] } }),
    ).toMatchObject({
      kind: 'unusable',
      message: expect.stringMatching(/no file .*nowhere/) as string,
    });
  });
});

describe('the Merkle digest of files', () => {
  const file = (path: string, text: string): { path: string; sha256: ReturnType<typeof digestOf> } => ({
    path,
    sha256: digestOf(text),
  });

  it('does not know their order, and knows their places and content', () => {
    const one = merkleDigest([file('a/x', '1'), file('b', '2')]);
    expect(merkleDigest([file('b', '2'), file('a/x', '1')])).toBe(one);
    expect(merkleDigest([file('a/y', '1'), file('b', '2')])).not.toBe(one);
    expect(merkleDigest([file('a/x', '0'), file('b', '2')])).not.toBe(one);
    expect(merkleDigest([file('x', '1'), file('b', '2')])).not.toBe(one);
  });
});

describe('a key that depends on what is not on this machine', () => {
  const options = { files: ['x'] };
  const sketch = (root: string): PlanSketch => ({
    data: { set: { adapter: 'folder', root, options } },
    tasks: { t: { inputs: { data: 'data:set' } } },
  });
  const folder = scriptedRegistry.adapters.find(({ adapter }) => adapter === 'folder')!;
  const told = (data: string, content: string, adapter: Partial<ArchivedData>): ArchivedData => ({
    ...{ data, adapter: 'folder', version: folder.version, options, ...adapter },
    ...{ digest: digestOf(content), files: 1, bytes: 7 },
  });

  it('has the identity that an archive of the study told, until the data is there', async () => {
    await using rig = await openRig();
    const root = join(rig.studyDir, 'set');
    expect(await keyOf(rig, sketch(root))).toMatchObject({ kind: 'unusable' });
    const { study } = sketchPlan(sketch(root));
    await rememberData(rig.store, { study, archive: 'a.tar', data: [told('set', 'recorded', {})] });
    const result = await keyOf(rig, sketch(root));
    expect(JSON.parse(keyText(result))).toMatchObject({ inputs: { data: { data: digestOf('recorded') } } });
    if (result.kind !== 'keyed') throw new Error(result.kind);
    expect(whyUnreadable({ data: result.data.values(), absentFiles: result.absentFiles })).toMatchObject({
      message: expect.stringContaining(`data 'set' is not at ${root}`) as string,
      hint: expect.stringContaining('--data set=PATH') as string,
    });
    await mkdir(root);
    // Something lies in its place: that is what counts, whatever is wrong with it.
    expect(await keyOf(rig, sketch(root))).toMatchObject({ kind: 'unusable' });
    await writeFile(join(root, 'x'), 'content');
    const here = await keyOf(rig, sketch(root));
    expect(keyText(here)).not.toBe(keyText(result));
    expect(here.kind === 'keyed' && whyUnreadable({ data: here.data.values(), absentFiles: [] })).toBe(
      undefined,
    );
  });

  it('has the digest of a file that a task names, likewise', async () => {
    await using rig = await openRig();
    const [note] = scriptedRegistry.kinds as readonly [TaskKind, ...TaskKind[]];
    const kind: TaskKind = {
      ...note,
      identify: async ({ digestOfFile }) => ({
        kind: 'identified',
        identity: { sha256: await digestOfFile('sub/weights') },
      }),
    };
    const registry = { ...scriptedRegistry, kinds: [kind] };
    const { study } = sketchPlan({ tasks: { t: {} } });
    const file = told('sub/weights', 'recorded', namedFile('sub/weights'));
    await rememberData(rig.store, { study, archive: 'a.tar', data: [file] });
    const result = await keyOf(rig, { tasks: { t: {} } }, { registry });
    expect(JSON.parse(keyText(result))).toMatchObject({ identity: { sha256: digestOf('recorded') } });
    expect(result).toMatchObject({ absentFiles: ['sub/weights'] });
    await mkdir(join(rig.studyDir, 'sub'));
    await writeFile(join(rig.studyDir, 'sub/weights'), 'here');
    const here = await keyOf(rig, { tasks: { t: {} } }, { registry });
    expect(JSON.parse(keyText(here))).toMatchObject({ identity: { sha256: digestOf('here') } });
    expect(here).toMatchObject({ absentFiles: [] });
  });
});
