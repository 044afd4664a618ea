import { rmSync, writeFileSync } from 'node:fs';
import { hostname, homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rememberOrigin } from '../../../cache/origins.ts';
import { StudyRecorder } from '../../../cli/study-record/study-recorder.ts';
import { packageVersion } from '../../../cli/version.ts';
import type { StudyRecord } from '../../../engine/contract/study-record.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import { runFolder } from '../../../engine/run/run-folder.ts';
import { done, recordRig, studyText } from './rig.ts';
import type { RecordRig } from './rig.ts';

const page = taskId('report');

function recordOf(rig: RecordRig, ...changes: Parameters<RecordRig['study']>): Promise<StudyRecord> {
  return new StudyRecorder(rig.study(...changes)).record(page);
}

describe('the record of how a study came to be', () => {
  it('says what was asked, by whom it can be asked again, and of each task what it is and reads', async () => {
    const rig = await recordRig({ params: { epochs: '3' } });
    await rig.finishAll();
    const record = await recordOf(rig);
    expect(record).toMatchObject({
      ...{ study: 'rounds', file: 'study.yaml', smoke: false, version: packageVersion(), run: undefined },
      sources: [{ path: 'study.yaml', text: studyText }],
      params: { epochs: 3, fraction: 0.5 },
      command: 'sweetspot run study.yaml --param epochs=3',
    });
    expect(record.tasks.map(({ address }) => address).sort()).toEqual(
      [...rig.plan.tasks.keys()].filter((id) => id !== page).sort(),
    );
    const at = record.tasks.findIndex(({ address }) => address === 'cut@seed=1');
    const cut = record.tasks[at]!;
    expect(cut).toMatchObject({
      ...{ name: 'cut', kind: 'prune', coordinates: { seed: 1 }, facts: { sparsity: 0.5 } },
      command: 'sweetspot run study.yaml --param epochs=3 --only cut@seed=1',
      result: { key: rig.keyOf('cut@seed=1'), durationMs: 1000, deviceClass: 'cpu-t1', backend: 'wasm' },
    });
    // What was asked, by the plan; the data is named where it is read. Equal answers are there once.
    expect(cut.options).toEqual(rig.plan.tasks.get(taskId('cut@seed=1'))?.options);
    expect(cut.options).toMatchObject({ fraction: 0.5 });
    expect(cut.data).toEqual([]);
    const scores = record.tasks.filter(({ kind }) => kind === 'evaluate');
    expect(scores[0]!.data).toMatchObject([{ input: 'data', name: 'train', adapter: 'shapes' }]);
    expect(scores[1]!.data).toBe(scores[0]!.data);
    expect(cut.reads.map((index) => record.tasks[index]?.address)).toEqual(['dense@seed=1']);
    // Producers come before consumers.
    expect(record.tasks.every(({ reads }, index) => reads.every((read) => read < index))).toBe(true);
  });

  it('leaves open what has no result yet', async () => {
    const rig = await recordRig();
    await rig.finish('dense@seed=0');
    const { tasks } = await recordOf(rig);
    expect(tasks.filter(({ result }) => result !== undefined).map(({ address }) => address)).toEqual([
      'dense@seed=0',
    ]);
    expect(tasks).toHaveLength(6);
  });

  it('does not need the bytes of results, nor those of their logs', async () => {
    const rig = await recordRig();
    await rig.finish('dense@seed=0', { said: 'epoch 1' });
    rmSync(join(rig.store.root, 'cas'), { recursive: true });
    const [dense] = (await recordOf(rig)).tasks;
    expect(dense?.result).toMatchObject({ key: rig.keyOf('dense@seed=0'), log: undefined });
  });

  it('names who made a result: this run, an earlier one, or nobody it knows', async () => {
    const rig = await recordRig();
    await rig.finishAll();
    const early = '20260101-095959-000-aaaa';
    await rig.journal(early, [done(rig, 'cut@seed=0', '2026-01-01T10:00:01.000Z')]);
    const { tasks } = await recordOf(rig, {
      standing: (task) => ({ key: rig.keyOf(task), isNew: task === 'dense@seed=0' }),
      run: { run: 'now', startedAt: '2026-01-02T10:00:00.000Z', durationMs: 5, slots: ['cpu:0'] },
    });
    const madeBy = new Map(tasks.map(({ address, result }) => [address, result?.madeBy]));
    expect(madeBy.get('dense@seed=0')).toEqual({ kind: 'this-run' });
    expect(madeBy.get('cut@seed=0')).toEqual({ kind: 'run', run: early });
    expect(madeBy.get('cut@seed=1')).toEqual({ kind: 'unknown' });
  });

  it('names who made a result as the result itself tells, and from where it came', async () => {
    const rig = await recordRig();
    const [run, member] = ['20250101-095959-000-aaaa', 'ada'];
    await rig.finish('dense@seed=0', { run, member });
    await rig.finish('dense@seed=1', { run, member });
    await rig.finish('cut@seed=0', { run });
    await rig.finish('cut@seed=1');
    await rememberOrigin(rig.store, rig.keyOf('dense@seed=1'), { kind: 'archive', name: 'a.tar' });
    await rememberOrigin(rig.store, rig.keyOf('cut@seed=0'), { kind: 'remote', name: 'team' });
    await rememberOrigin(rig.store, rig.keyOf('cut@seed=1'), { kind: 'archive', name: 'a.tar' });
    const { tasks } = await recordOf(rig);
    const madeBy = new Map(tasks.map(({ address, result }) => [address, result?.madeBy]));
    expect(madeBy.get('dense@seed=0')).toEqual({ kind: 'run', run, member });
    expect(madeBy.get('dense@seed=1')).toEqual({ kind: 'archive', archive: 'a.tar', run, member });
    expect(madeBy.get('cut@seed=0')).toEqual({ kind: 'remote', remote: 'team', run });
    expect(madeBy.get('cut@seed=1')).toEqual({ kind: 'archive', archive: 'a.tar' });
  });

  it('passes over runs whose record is damaged', async () => {
    const rig = await recordRig();
    await rig.finishAll();
    const whole = '20260101-095950-000-aaaa';
    await rig.journal(whole, [done(rig, 'cut@seed=0', '2026-01-01T10:00:01.000Z')]);
    const damaged = '20260101-095955-000-bbbb';
    await rig.journal(damaged, []);
    const line = '{"kind":"task-done","at":"2026-01-01T10:00:01.000Z","task":"x","key":7,"outputs"';
    writeFileSync(runFolder(rig.store.runsDir, damaged).eventsFile, `${line}\n\0\0\n{"kind"`);
    writeFileSync(join(rig.store.runsDir, '20260101-095956-000-cccc'), 'no folder');
    const { tasks } = await recordOf(rig);
    expect(tasks.find(({ address }) => address === 'cut@seed=0')?.result?.madeBy).toEqual({
      kind: 'run',
      run: whole,
    });
  });

  it('holds the ends of logs, without the places of the machine that wrote them', async () => {
    const rig = await recordRig();
    const said = `read ${rig.root}/data/a.png\nin ${homedir()}/x on ${hostname()}\n\n`;
    await rig.finish('dense@seed=0', { said: `${'early\n'.repeat(30)}${said}` });
    const record = await recordOf(rig);
    const log = record.tasks[0]?.result?.log ?? '';
    expect(log.split('\n')).toHaveLength(20);
    expect(log).toMatch(/early\nread …\/a\.png\nin .*x on …$/);
    const text = JSON.stringify(record);
    for (const place of [rig.root, homedir()]) expect(text).not.toContain(place);
    expect(text.split(/[^\w-]+/)).not.toContain(hostname().split('.')[0]);
  });

  it('holds options without the places of the machine', async () => {
    const rig = await recordRig();
    const file = join(rig.root, 'weights', 'model.pth');
    const tasks = new Map(
      [...rig.plan.tasks].map(([id, task]) => [id, { ...task, options: { file, deep: [{ file }] } }]),
    );
    const record = await recordOf(rig, { plan: { ...rig.plan, tasks } });
    expect(record.tasks[0]?.options).toEqual({ file: '…/model.pth', deep: [{ file: '…/model.pth' }] });
    expect(JSON.stringify(record)).not.toContain(rig.root);
  });

  it('names templates by their paths, and a study from elsewhere by its name alone', async () => {
    const template = `study: half${studyText.slice(studyText.indexOf('\nparams:'))}`;
    const rig = await recordRig({
      files: {
        'studies/my study.yaml': 'study: outer\ntasks:\n  half: { uses: ../parts/half.yaml }\n',
        'parts/half.yaml': template,
      },
    });
    const [report] = [...rig.plan.tasks.values()].filter(({ kind }) => kind === 'report');
    const record = await new StudyRecorder(rig.study()).record(report!.id);
    expect(record.command).toBe("sweetspot run 'studies/my study.yaml'");
    expect(record.sources.map(({ path }) => path)).toEqual(['studies/my study.yaml', 'parts/half.yaml']);
    const elsewhere = rig.study({ workspace: { root: join(rig.root, 'work'), configuredRoots: new Map() } });
    const away = await new StudyRecorder(elsewhere).record(report!.id);
    expect([away.file, ...away.sources.map(({ path }) => path)]).toEqual([
      'my study.yaml',
      'my study.yaml',
      'half.yaml',
    ]);
  });

  it('says of a rehearsal that it is one', async () => {
    const rig = await recordRig({ smoke: true });
    expect(await recordOf(rig)).toMatchObject({
      smoke: true,
      command: 'sweetspot run study.yaml --smoke',
    });
  });
});
