import { chmod, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { expectKind } from './support/expect-kind.ts';
import { temporaryStore, unpublishedFiles } from './support/temporary-store.ts';

const key = taskKeyOf(digestOf('training'));

async function save(store: Store, epoch: number): Promise<number> {
  const saved = await store.snapshots.save(key, async (dir) => {
    await mkdir(`${dir}/optimiser`);
    await writeFile(`${dir}/optimiser/momentum`, `momentum ${epoch}`);
    await writeFile(`${dir}/epoch`, String(epoch));
  });
  return expectKind(saved, 'saved').number;
}

async function newestEpoch(store: Store): Promise<string | undefined> {
  const newest = await store.snapshots.newest(key);
  return newest === undefined ? undefined : await readFile(`${newest.dir}/epoch`, 'utf8');
}

async function numbers(store: Store): Promise<readonly string[]> {
  return (await readdir(`${store.root}/partial/${key}`)).sort();
}

function fileOf(store: Store, number: number, path: string): string {
  return `${store.root}/partial/${key}/${number}/${path}`;
}

describe('snapshots', () => {
  it('are found by a successor, newest first, and the last two are kept', async () => {
    const store = await temporaryStore();
    expect(await store.snapshots.newest(key)).toBeUndefined();
    for (const epoch of [1, 2, 3]) {
      expect(await save(store, epoch)).toBe(epoch);
      expect(await newestEpoch(store)).toBe(String(epoch));
    }
    expect(await numbers(store)).toEqual(['2', '3']);
    expect(await unpublishedFiles(store)).toEqual([]);
  });

  it('hold the task’s files alone, which nobody may write', async () => {
    const store = await temporaryStore();
    await save(store, 1);
    const { dir } = (await store.snapshots.newest(key))!;
    expect((await readdir(dir, { recursive: true })).sort()).toEqual([
      'epoch',
      'optimiser',
      'optimiser/momentum',
    ]);
    expect((await stat(`${dir}/epoch`)).mode & 0o222).toBe(0);
  });

  it.each<[string, (store: Store) => Promise<unknown>]>([
    ['a file changed', (store) => overwrite(fileOf(store, 2, 'files/epoch'), '9')],
    ['a file cut short', (store) => overwrite(fileOf(store, 2, 'files/optimiser/momentum'), 'mom')],
    ['a file missing', (store) => rm(fileOf(store, 2, 'files/optimiser/momentum'))],
    ['a file more', (store) => writeFile(fileOf(store, 2, 'files/more'), '')],
    ['no checksums', (store) => rm(fileOf(store, 2, 'checksums.json'))],
    ['damaged checksums', (store) => overwrite(fileOf(store, 2, 'checksums.json'), '{}')],
    ['nothing in it', (store) => rm(fileOf(store, 2, '.'), { recursive: true }).catch(() => emptied(store))],
  ])('with %s are passed over and moved aside', async (_, damage) => {
    const store = await temporaryStore();
    await save(store, 1);
    await save(store, 2);
    await damage(store);
    expect(await newestEpoch(store)).toBe('1');
    expect(await numbers(store)).toEqual(['1']);
    expect(await readdir(`${store.root}/quarantine`)).toHaveLength(1);
    expect(await save(store, 3)).toBe(2);
    expect(await newestEpoch(store)).toBe('3');
  });

  it('are all kept apart when two workers save at once', async () => {
    const store = await temporaryStore();
    const saved = await Promise.all([1, 2, 3, 4].map((epoch) => save(store, epoch)));
    expect(saved.toSorted()).toEqual([1, 2, 3, 4]);
    expect(await newestEpoch(store)).toBeDefined();
    expect(await unpublishedFiles(store)).toEqual([]);
  });

  it('are cleared when the result stands', async () => {
    const store = await temporaryStore();
    await save(store, 1);
    await store.snapshots.clear(key);
    expect(await store.snapshots.newest(key)).toBeUndefined();
    expect(await readdir(`${store.root}/partial`)).toEqual([]);
    await store.snapshots.clear(key);
  });

  it('that fail leave the earlier one and no half of their own', async () => {
    const store = await temporaryStore();
    await save(store, 1);
    const failing = store.snapshots.save(key, async (dir) => {
      await writeFile(`${dir}/epoch`, '2');
      throw new Error('out of ideas');
    });
    await expect(failing).rejects.toThrow('out of ideas');
    await expect(store.snapshots.save(key, (dir) => symlink('/etc', `${dir}/link`))).rejects.toThrow(
      /a link/,
    );
    const full = await store.snapshots.save(key, (dir) => writeFile(`${dir}/missing/folder`, ''));
    expectKind(full, 'store-failure');
    expect(await newestEpoch(store)).toBe('1');
    expect(await unpublishedFiles(store)).toEqual([]);
  });
});

async function overwrite(path: string, text: string): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, text);
}

async function emptied(store: Store): Promise<void> {
  for (const name of await readdir(fileOf(store, 2, '.')))
    await rm(fileOf(store, 2, name), { recursive: true });
}
