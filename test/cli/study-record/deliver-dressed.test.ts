import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { deliveredBefore } from '../../../cli/deliver.ts';
import type { Registry } from '../../../engine/contract/registry.ts';
import { studyText, dressingRegistry, recordIn, recordRig } from './rig.ts';
import type { RecordRig } from './rig.ts';

const run = { startedAt: '2026-01-02T10:00:00.000Z', durationMs: 5, slots: ['cpu:0'] };

const pageOf = (rig: RecordRig): string => join(rig.outDir, 'report.html');
const textOf = (rig: RecordRig): string => readFileSync(pageOf(rig), 'utf8');
/** Another one for every file that takes the place of the one before. */
const stampOf = (rig: RecordRig): object => {
  const { ino, mtimeMs, ctimeMs } = statSync(pageOf(rig));
  return { ino, mtimeMs, ctimeMs };
};

async function delivered(): Promise<RecordRig & { readonly seal: string }> {
  const rig = await recordRig();
  await rig.finishAll();
  const { files, seal = '', warnings } = await rig.deliver({ run: { run: 'first', ...run } });
  expect([files, warnings]).toEqual([[{ path: pageOf(rig) }], []]);
  return { ...rig, seal };
}

/** Writes half of a page, and fails. */
const failing: Registry = {
  ...dressingRegistry,
  types: dressingRegistry.types.map((type) => ({
    ...type,
    dress: async (dir) => {
      await writeFile(join(dir, 'report.html'), '<!doctype');
      throw new Error('the shelf is empty');
    },
  })),
};

describe('a delivered page', () => {
  it('tells how it came to be, and its artifact does not', async () => {
    const rig = await delivered();
    expect(textOf(rig)).toMatch(/^<!doctype html>report\n/);
    const record = recordIn(textOf(rig));
    expect(record).toMatchObject({ study: 'rounds', run: { run: 'first' } });
    expect(record?.tasks).toHaveLength(6);
    expect(statSync(pageOf(rig)).mode & 0o200).toBe(0o200);
    expect(readdirSync(rig.outDir)).toEqual(['report.html']);
    const found = await rig.store.actions.get(rig.keyOf('report'));
    const digest = found.kind === 'found' ? found.result.outputs['page'] : undefined;
    const manifest = await rig.store.artifacts.manifest(digest!);
    expect(manifest.kind === 'found' && manifest.manifest.files).toMatchObject([{ size: 21 }]);
  });

  it('of several files comes with what was laid beside them', async () => {
    const beside: Registry = {
      ...dressingRegistry,
      types: dressingRegistry.types.map((type) => ({
        ...type,
        dress: (dir) => writeFile(join(dir, 'methods.md'), 'as it was made'),
      })),
    };
    const rig = await recordRig();
    await rig.finishAll();
    await rig.finish('report', { files: { 'figure.svg': '<svg/>' } });
    await rig.deliver({ registry: beside });
    const folder = join(rig.outDir, 'report');
    expect(readdirSync(folder).sort()).toEqual(['figure.svg', 'methods.md', 'report.html']);
    // It is missed like any other file of what was handed over.
    rmSync(join(folder, 'methods.md'));
    await rig.deliver({ registry: beside });
    expect(readdirSync(folder)).toContain('methods.md');
  });

  it('is left alone by a run that changes nothing, whichever run that is', async () => {
    const rig = await delivered();
    const before = stampOf(rig);
    const again = await rig.deliver({ run: { run: 'second', ...run } });
    expect(stampOf(rig)).toEqual(before);
    expect(again).toMatchObject({ files: [{ path: pageOf(rig) }], seal: rig.seal });
    expect(deliveredBefore(rig.store, rig.outDir, rig.seal)).toEqual([{ path: pageOf(rig) }]);
  });

  it.each<[string, (rig: RecordRig) => Parameters<RecordRig['deliver']>[0]]>([
    [
      'the study file says something else, if only in a comment',
      ({ plan }) => ({ sources: new Map([[plan.file, `${studyText}# more`]]) }),
    ],
    [
      'the study is planned with another parameter',
      ({ plan }) => ({ plan: { ...plan, params: { epochs: 9 } } }),
    ],
    [
      'a result is missing',
      (rig) => ({
        standing: (task) => (task === 'cut@seed=1' ? undefined : { key: rig.keyOf(task), isNew: false }),
      }),
    ],
    [
      'its data lies where it has to be said',
      ({ plan }) => ({
        plan: { ...plan, data: new Map([['train', { ...plan.data.get('train')!, root: '/mnt/train' }]]) },
      }),
    ],
  ])('is written anew where %s', async (_, changed) => {
    const rig = await delivered();
    const before = stampOf(rig);
    const { seal } = await rig.deliver(changed(rig));
    expect(stampOf(rig)).not.toEqual(before);
    expect(seal).not.toBe(rig.seal);
    expect(recordIn(textOf(rig))).toBeDefined();
  });

  it('is written anew where a result has been made again, with the same bytes', async () => {
    const rig = await delivered();
    rmSync(join(rig.store.root, 'ac'), { recursive: true });
    await rig.finishAll();
    const before = stampOf(rig);
    await rig.deliver();
    expect(stampOf(rig)).toEqual(before);
    rmSync(join(rig.store.root, 'ac'), { recursive: true });
    await rig.finish('cut@seed=0', { startedAt: '2026-01-03T10:00:00.000Z' });
    await rig.finishAll();
    await rig.deliver();
    const cut = recordIn(textOf(rig))?.tasks.find(({ address }) => address === 'cut@seed=0');
    expect(cut?.result?.startedAt).toBe('2026-01-03T10:00:00.000Z');
  });

  it.each<[string, (path: string) => void]>([
    ['removed', (path) => rmSync(path)],
    ['edited', (path) => writeFileSync(path, 'mine')],
    ['taken off its dress', (path) => writeFileSync(path, '<!doctype html>report')],
  ])('is delivered again when it was %s', async (_, touch) => {
    const rig = await delivered();
    touch(pageOf(rig));
    expect(deliveredBefore(rig.store, rig.outDir, rig.seal)).toBeUndefined();
    await rig.deliver({ run: { run: 'second', ...run } });
    expect(recordIn(textOf(rig))).toMatchObject({ run: { run: 'second' } });
  });

  it('is what the artifact holds where it cannot be dressed, with a warning, and is tried again', async () => {
    const rig = await recordRig();
    await rig.finishAll();
    const { files, problems, warnings } = await rig.deliver({ registry: failing });
    expect([files, problems]).toEqual([[{ path: pageOf(rig) }], []]);
    expect(warnings).toEqual(['report is handed over without how it came to be: the shelf is empty']);
    expect(textOf(rig)).toBe('<!doctype html>report');
    expect(readdirSync(rig.outDir)).toEqual(['report.html']);
    expect((await rig.deliver()).warnings).toEqual([]);
    expect(recordIn(textOf(rig))).toBeDefined();
  });

  it('is still delivered where the store cannot tell of its results', async () => {
    const rig = await recordRig();
    await rig.finishAll();
    const standing = (): never => {
      throw new Error('no such task');
    };
    const { warnings } = await rig.deliver({ standing });
    expect(warnings).toEqual(['report is handed over without how it came to be: no such task']);
    expect(textOf(rig)).toBe('<!doctype html>report');
  });

  it('of several files is dressed as the folder that it is', async () => {
    const rig = await recordRig();
    await rig.finish('report', { files: { 'beside.txt': 'a figure' } });
    await rig.deliver();
    const { ino } = statSync(join(rig.outDir, 'report/report.html'));
    expect(readFileSync(join(rig.outDir, 'report/beside.txt'), 'utf8')).toBe('a figure');
    expect(recordIn(readFileSync(join(rig.outDir, 'report/report.html'), 'utf8'))?.study).toBe('rounds');
    await rig.deliver();
    expect(statSync(join(rig.outDir, 'report/report.html')).ino).toBe(ino);
    expect(readdirSync(rig.outDir)).toEqual(['report']);
  });
});
