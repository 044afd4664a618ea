import { describe, expect, it } from 'vitest';
import type { ActionStore } from '../../../cache/action-store.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { assessPlan } from '../../../engine/run/assess-plan.ts';
import { listRuns, parseEvents, readRun } from '../../../engine/run/journal.ts';
import { sketchPlan } from '../support/plans.ts';
import type { PlanSketch, TaskSketch } from '../support/plans.ts';
import { openRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';
import { scriptedRegistry } from '../support/scripted-kinds.ts';

const note = (text: string): TaskSketch => ({ options: { text, script: '' } });
const shouting = (from: string): TaskSketch => ({ options: { text: '', script: 'shout' }, inputs: { from } });

const study = (text: string): PlanSketch => ({
  tasks: { a: note(text), b: shouting('a.out'), c: shouting('b.out') },
});

async function states(rig: Rig, sketch: PlanSketch): Promise<Record<string, string>> {
  const { store } = rig;
  const plan = sketchPlan({ file: `${rig.studyDir}/study.yaml`, ...sketch });
  const assessed = await assessPlan({ plan, registry: scriptedRegistry, store, deviceClass: 'cpu-t1' });
  return Object.fromEntries([...assessed.tasks].map(([task, { state }]) => [task, state]));
}

describe('the assessment of a plan', () => {
  it('says what would run: for certain, where nothing like it ever has', async () => {
    await using rig = await openRig();
    expect(await states(rig, study('x'))).toEqual({ a: 'run', b: 'run', c: 'run' });
  });

  it('says `cached` as far as keys go, and `if-changed` from there on', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    await rig.run(study('x'));
    expect(await states(rig, study('x'))).toEqual({ a: 'cached', b: 'cached', c: 'cached' });
    expect(await states(rig, study('y'))).toEqual({ a: 'run', b: 'if-changed', c: 'if-changed' });
  });

  it('says that a producer has to run again for its bytes', async () => {
    await using rig = await openRig();
    await rig.script('shout', [{ do: 'shout' }]);
    const ran = await rig.run(study('x'));
    const result = ran.results.get(taskId('a'));
    await rig.store.artifacts.drop(
      (result !== undefined && 'outputs' in result ? result.outputs['out'] : '') as never,
    );
    expect(await states(rig, study('x'))).toEqual({ a: 'cached', b: 'cached', c: 'cached' });
    const more = { tasks: { ...study('x').tasks, d: { ...shouting('a.out'), kind: 'pair' } } };
    expect(await states(rig, more)).toEqual({ a: 'run', b: 'cached', c: 'cached', d: 'run' });
  });

  it('asks a store that takes its time many things at once, layer by layer', async () => {
    await using rig = await openRig();
    const tasks: Record<string, TaskSketch> = {};
    for (let index = 0; index < 100; index++) {
      tasks[`a${index}`] = note(`${index}`);
      tasks[`b${index}`] = shouting(`a${index}.out`);
    }
    await rig.script('shout', [{ do: 'shout' }]);
    await rig.run({ tasks });
    // Nobody has an answer before as many are waiting for one as may, or all of a layer are.
    const { most, actions } = answeringTogether(rig.store.actions, { together: 32, of: 100 });
    const plan = sketchPlan({ file: `${rig.studyDir}/study.yaml`, tasks });
    const store = { ...rig.store, actions };
    const assessed = await assessPlan({ plan, registry: scriptedRegistry, store, deviceClass: 'cpu-t1' });
    expect([...assessed.tasks.keys()]).toEqual([...plan.tasks.keys()]);
    expect([...assessed.tasks.values()].every(({ state }) => state === 'cached')).toBe(true);
    expect(most()).toBe(32);
  });

  it('names what is missing on this machine', async () => {
    await using rig = await openRig();
    const plan = sketchPlan({
      data: { set: { adapter: 'folder', root: '/nowhere' } },
      tasks: { a: { inputs: { data: 'data:set' } } },
    });
    const assessed = await assessPlan({
      plan,
      registry: scriptedRegistry,
      store: rig.store,
      deviceClass: '',
    });
    expect(assessed.problems).toMatchObject([
      { task: 'a', message: expect.stringMatching(/no folder/) as string },
    ]);
  });
});

/** A remote, as it were: answers once so many ask at a time, or everybody of so many has asked. */
function answeringTogether(
  actions: ActionStore,
  { together, of }: { readonly together: number; readonly of: number },
): { readonly most: () => number; readonly actions: ActionStore } {
  let most = 0;
  let asked = 0;
  const waiting: (() => void)[] = [];
  const get: ActionStore['get'] = async (key) => {
    await new Promise<void>((go) => {
      waiting.push(go);
      asked += 1;
      most = Math.max(most, waiting.length);
      if (waiting.length >= together || asked % of === 0) for (const each of waiting.splice(0)) each();
    });
    return await actions.get(key);
  };
  return { most: () => most, actions: { ...actions, peek: () => undefined, get } };
}

describe('the journal', () => {
  it('tells of each run what happened, the newest first', async () => {
    await using rig = await openRig();
    const first = await rig.run({ tasks: { a: note('x') } });
    const second = await rig.run({ tasks: { a: note('x') } });
    const runs = await listRuns(rig.store.runsDir);
    expect(runs.map(({ run, outcome, live }) => [run, outcome, live])).toEqual([
      [second.run, 'done', false],
      [first.run, 'done', false],
    ]);
    const reading = await readRun(rig.store.runsDir, first.run);
    expect(reading?.events).toEqual(JSON.parse(JSON.stringify(first.events)));
    expect(reading?.plan).toMatchObject({ study: 'sketch', tasks: [{ id: 'a', options: { text: 'x' } }] });
    expect(await readRun(rig.store.runsDir, 'no-such-run')).toBeUndefined();
  });

  it('passes over a last line that is torn', () => {
    const whole = JSON.stringify({ kind: 'warning', at: '', message: 'x' });
    expect(parseEvents(`${whole}\n${whole.slice(0, 12)}`)).toHaveLength(1);
  });
});
