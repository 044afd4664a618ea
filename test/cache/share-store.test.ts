import { chmod, lstat, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shareStore } from '../../cache/upkeep/share-store.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryFolder, temporaryStore } from './support/temporary-store.ts';

describe('shareStore', () => {
  it('lets the group into all that a private store holds, and into what comes', async () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const store = await temporaryStore();
    expectKind(await store.blobs.putBytes('old'), 'stored');
    expectKind(await store.actions.put(actionResult('a')), 'stored');
    await mkdir(`${store.root}/runs/r`);
    await writeFile(`${store.root}/runs/r/events.jsonl`, '');
    await writeFile(`${store.root}/index/${'a'.repeat(64)}`, '');

    const shared = expectKind(await shareStore({ folder: store, group: undefined }), 'shared');
    expect(shared.refused).toEqual([]);
    expect(shared.changed).toBeGreaterThan(10);
    expect(JSON.parse(await readFile(`${store.root}/store.json`, 'utf8'))).toEqual({
      format: 1,
      sharing: 'group',
    });
    const again = await opened({ dir: store.root });
    expectKind(await again.blobs.putBytes('new'), 'stored');
    const modes = new Map<string, string>();
    for (const name of await readdir(store.root, { recursive: true })) {
      const { mode } = await lstat(`${store.root}/${name}`);
      modes.set(name, (mode & 0o7777).toString(8));
    }
    for (const [name, mode] of modes) {
      const isFolder = mode.startsWith('2');
      if (name === 'runs/r/events.jsonl') expect(mode).toBe('644');
      else if (name === `index/${'a'.repeat(64)}`) expect(mode).toBe('664');
      else expect([name, mode]).toEqual([name, isFolder ? '2775' : '444']);
    }
    expect(await shareStore({ folder: again, group: undefined })).toEqual({
      kind: 'shared',
      changed: 0,
      refused: [],
    });
  });

  it('leaves a store closed that its administrator has closed to everybody else', async () => {
    const root = `${await temporaryFolder()}/store`;
    await mkdir(root);
    await chmod(root, 0o2770);
    const store = await opened({ dir: root, sharing: 'group' });
    expect((await lstat(root)).mode & 0o7777).toBe(0o2770);
    expect(await shareStore({ folder: store, group: undefined })).toMatchObject({ changed: 0 });
    expect((await lstat(root)).mode & 0o7777).toBe(0o2770);
  });

  it('mends what somebody has changed by hand', async () => {
    const store = await temporaryStore({ sharing: 'group' });
    await chmod(`${store.root}/ac`, 0o700);
    expect(await shareStore({ folder: store, group: undefined })).toMatchObject({ changed: 1 });
    expect((await lstat(`${store.root}/ac`)).mode & 0o7777).toBe(0o2775);
  });
});
