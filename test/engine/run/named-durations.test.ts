import { appendFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { beginJournal } from '../../../engine/run/journal-writer.ts';
import { namedDurations } from '../../../engine/run/named-durations.ts';
import { runFolder } from '../../../engine/run/run-folder.ts';
import { done, runStarted } from '../../cli/run-events.ts';
import { sketchPlan } from '../support/plans.ts';
import { openRig } from '../support/rig.ts';
import type { Rig } from '../support/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await openRig();
});
afterEach(() => rig[Symbol.asyncDispose]());

const plan = sketchPlan({
  tasks: {
    'train@m=a': { traits: { model: 'a' } },
    'train@m=b': { traits: { model: 'b' } },
    'look@m=a': {},
    'look@m=b': {},
    late: {},
  },
});

async function record(
  run: string,
  took: { readonly [task: string]: number },
  more: { readonly slots?: readonly string[]; readonly study?: string } = {},
): Promise<void> {
  const folder = runFolder(rig.store.runsDir, run);
  const recorded = { ...plan, study: more.study ?? plan.study, file: more.study ?? plan.file };
  const journal = await beginJournal({ folder, run, plan: recorded, sources: [], startedAt: run });
  journal.append(runStarted(3, more.slots ?? ['cpu:0']));
  for (const [task, ms] of Object.entries(took)) journal.append(done(task, ms));
  await journal.close();
}

async function expected(deviceClass = 'cpu-t1'): Promise<readonly (number | undefined)[]> {
  const durations = await namedDurations({ runsDir: rig.store.runsDir, plan, deviceClass });
  return [...plan.tasks.values()].map((task) => durations(task));
}

describe('what tasks took in the latest runs of their study', () => {
  it('is the mean of a name and its traits, from the newest run that knows it', async () => {
    await record('1', { 'train@m=a': 1, 'train@m=b': 50, late: 7 });
    await record('2', { 'train@m=a': 10, 'look@m=a': 20, 'look@m=b': 40 });
    expect(await expected()).toEqual([10, 50, 30, 30, 7]);
    const others = await namedDurations({
      ...{ runsDir: rig.store.runsDir, plan, deviceClass: '', except: '2' },
    });
    expect([...plan.tasks.values()].map((task) => others(task))[0]).toBe(1);
  });

  it('leaves out other studies, other devices, and what was torn', async () => {
    await record('1', { late: 7 }, { study: 'other' });
    await record('2', { late: 8 }, { slots: ['gpu:0'] });
    expect(await expected()).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect((await expected('gpu-h200'))[4]).toBe(8);
    await record('3', { late: 9 });
    await appendFile(runFolder(rig.store.runsDir, '3').eventsFile, '{"kind":"task-done","ta');
    await writeFile(runFolder(rig.store.runsDir, '2').eventsFile, '');
    expect((await expected())[4]).toBe(9);
  });

  it('are those of a cluster, too, for whoever asks of no device', async () => {
    await record('1', { late: 9 }, { slots: [] });
    expect((await expected(''))[4]).toBe(9);
    expect((await expected('gpu-h200'))[4]).toBeUndefined();
  });
});
