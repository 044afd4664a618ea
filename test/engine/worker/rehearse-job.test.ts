import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Keyer } from '../../../engine/keys/keyer.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { thawPlan } from '../../../engine/plan/thaw-plan.ts';
import { DataLists } from '../../../engine/run/data-lists.ts';
import { readRun } from '../../../engine/run/journal.ts';
import { makeJob } from '../../../engine/run/make-job.ts';
import { runFolder } from '../../../engine/run/run-folder.ts';
import { fetchInputs } from '../../../engine/worker/job-inputs.ts';
import { rehearseJob } from '../../../engine/worker/rehearse-job.ts';
import type { Rehearsal } from '../../../engine/worker/rehearse-job.ts';
import type { PlanSketch } from '../support/plans.ts';
import { openRig } from '../support/rig.ts';
import type { Ran, Rig } from '../support/rig.ts';
import { scriptedRegistry } from '../support/scripted-kinds.ts';

let rig: Rig;

beforeEach(async () => {
  rig = await openRig();
});

afterEach(() => rig[Symbol.asyncDispose]());

/** Runs one task of a run again, from nothing but what the run has recorded. */
async function rehearse(ran: Ran, id: string): Promise<Rehearsal> {
  const { store } = rig;
  const reading = await readRun(store.runsDir, ran.run);
  const plan = thawPlan(reading!.plan)!;
  const task = plan.tasks.get(taskId(id))!;
  const outputOf = (from: string, output: string) => {
    const result = ran.results.get(taskId(from));
    return result !== undefined && 'outputs' in result ? result.outputs[output] : undefined;
  };
  const { signal } = new AbortController();
  const keyed = await new Keyer({ plan, registry: scriptedRegistry, store, signal }).key(task, outputOf);
  if (keyed.kind !== 'keyed') throw new Error(keyed.kind);
  const dir = join(rig.studyDir, `debug-${id}`);
  await mkdir(join(dir, 'data'), { recursive: true });
  const board = { task: (each: typeof task.id) => plan.tasks.get(each)!, outputOf };
  const job = await makeJob(
    { plan, dataLists: new DataLists(join(dir, 'data')), folder: runFolder(dir, '.'), board },
    task,
    keyed,
    true,
  );
  const inputs = await fetchInputs(job, store, join(dir, 'artifacts'));
  if (inputs.kind !== 'fetched') throw new Error(inputs.kind);
  const device = { backend: 'none', deviceClass: 'cpu-t1', threads: 1 } as const;
  return rehearseJob({
    registry: scriptedRegistry,
    store,
    job,
    inputs,
    dir,
    device,
    signal,
    send: () => undefined,
  });
}

async function contentOf(dir: string): Promise<readonly string[]> {
  // The index of data remembers what was read; that is no result.
  return (await readdir(dir, { recursive: true })).filter((each) => !each.startsWith('index')).sort();
}

describe('a task that is run without being published', () => {
  const sketch: PlanSketch = {
    tasks: {
      'make@i=0': { options: { text: 'hello' } },
      'make@i=1': { options: { text: 'there' } },
      join: { options: { script: 'shout' }, inputs: { all: ['make@i=0.out', 'make@i=1.out'] } },
      count: { options: { script: 'count' } },
      bad: { options: { script: 'fail' } },
      reads: { options: { text: 'data' }, inputs: { data: 'data:files' } },
    },
  };

  async function runAll(): Promise<Ran> {
    await rig.script('shout', [{ do: 'shout' }]);
    await rig.script('count', [{ do: 'count', to: 3 }]);
    await rig.script('fail', [
      { do: 'say', text: 'about to fail' },
      { do: 'fail', message: 'on purpose' },
    ]);
    const root = join(rig.studyDir, 'files');
    await mkdir(root, { recursive: true });
    await writeFile(join(root, 'a'), 'a');
    return rig.run({ ...sketch, data: { files: { adapter: 'folder', options: { files: ['a'] }, root } } });
  }

  it('gets the same gathered inputs, and makes the same; nothing of the store changes', async () => {
    const ran = await runAll();
    const before = await contentOf(rig.store.root);
    for (const id of ['join', 'count', 'reads']) {
      const made = await rehearse(ran, id);
      const recorded = ran.results.get(taskId(id));
      expect(made.kind === 'made' && made.outputs.get('out')?.digest).toBe(
        recorded !== undefined && 'outputs' in recorded && recorded.outputs['out'],
      );
    }
    expect(await contentOf(rig.store.root)).toEqual(before);
    expect(await readFile(join(rig.studyDir, 'debug-join', 'outputs', 'out', 'text.txt'), 'utf8')).toBe(
      'HELLO THERE',
    );
  });

  it('fails with the stack of what it threw, and its folder stays', async () => {
    const ran = await runAll();
    const failed = await rehearse(ran, 'bad');
    expect(failed).toMatchObject({ kind: 'failed', failure: { class: 'task', message: 'on purpose' } });
    expect(failed.kind === 'failed' && failed.failure).toHaveProperty(
      'detail',
      expect.stringContaining('scripted-kinds.ts'),
    );
    expect(await contentOf(join(rig.studyDir, 'debug-bad'))).toContain('scratch');
  });
});
