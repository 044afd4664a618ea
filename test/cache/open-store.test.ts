import { chmod, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../cache/clock.ts';
import type { Clock } from '../../cache/clock.ts';
import { digestOf } from '../../cache/digest.ts';
import { openStore } from '../../cache/open-store.ts';
import type { Store } from '../../cache/store.ts';
import { setPin } from '../../cache/upkeep/pins.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryFolder, temporaryStore } from './support/temporary-store.ts';

/** So that the file index remembers files that are just made. */
const later: Clock = { ...systemClock, wallMs: () => Date.now() + 3_600_000 };

describe('openStore', () => {
  it('makes a store where there is none, and opens it the next time', async () => {
    const dir = `${await temporaryFolder()}/deep/down/.sweetspot`;
    const first = await opened({ dir });
    expect(first).toMatchObject({ root: dir, runsDir: `${dir}/runs`, sharing: 'umask' });
    expect(JSON.parse(await readFile(`${dir}/store.json`, 'utf8'))).toEqual({ format: 1, sharing: 'umask' });
    await first.blobs.putBytes('kept');
    const second = await opened({ dir });
    expect(await second.blobs.has(digestOf('kept'))).toBe(true);
  });

  it('completes a store of which somebody has prepared store.json', async () => {
    const dir = await temporaryFolder();
    await writeFile(`${dir}/store.json`, '{"format":1,"sharing":"group"}\n');
    const store = await opened({ dir });
    expect(store.sharing).toBe('group');
    await fill(store);
    expectKind(await verifyStore({ store }), 'verified');
  });

  it('lets several make one store at once', async () => {
    const dir = `${await temporaryFolder()}/.sweetspot`;
    const stores = await Promise.all(
      Array.from({ length: 6 }, (_, n) => opened({ dir, sharing: n % 2 === 0 ? 'umask' : 'group' })),
    );
    // Whoever wrote store.json first has decided.
    expect(new Set(stores.map(({ sharing }) => sharing)).size).toBe(1);
    expect((await readdir(dir)).filter((name) => name.includes('tmp-'))).toEqual([]);
  });

  it('refuses a store of a newer format, and touches nothing', async () => {
    const dir = await temporaryFolder();
    await writeFile(`${dir}/store.json`, '{"format":2,"sharing":"umask"}');
    const refused = expectKind(await openStore({ dir }), 'incompatible');
    expect(refused).toMatchObject({ reason: 'newer-format', path: `${dir}/store.json` });
    expect(refused.message).toMatch(/format 2.*up to 1/);
    expect(await readdir(dir)).toEqual(['store.json']);
  });

  it.each(['', '{', 'null', '[]', '{"format":"1"}', '{"format":1,"sharing":"everybody"}', '{"format":0}'])(
    'names a damaged store.json: %j',
    async (text) => {
      const dir = await temporaryFolder();
      await writeFile(`${dir}/store.json`, text);
      expect(expectKind(await openStore({ dir }), 'incompatible')).toMatchObject({
        reason: 'damaged',
        path: `${dir}/store.json`,
      });
      expect(await readFile(`${dir}/store.json`, 'utf8')).toBe(text);
      expect(await readdir(dir)).toEqual(['store.json']);
    },
  );

  it('reports a place where no folder can be', async () => {
    const dir = await temporaryFolder();
    await writeFile(`${dir}/file`, '');
    expectKind(await openStore({ dir: `${dir}/file/.sweetspot` }), 'store-failure');
  });

  it('shares with the group, whatever the umask', async () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const store = await temporaryStore({ sharing: 'group', clock: later });
    await fill(store);
    for (const { path, folder, mode } of await modes(store.root)) {
      if (folder) expect(`${path} ${(mode & 0o7777).toString(8)}`).toBe(`${path} 2775`);
      else if (path.endsWith('.beat')) expect(mode & 0o777).toBe(0o644);
      else if (path.startsWith('index/') && !path.startsWith('index/actions/'))
        expect(mode & 0o777).toBe(0o664);
      else expect(`${path} ${(mode & 0o777).toString(8)}`).toBe(`${path} 444`);
    }
  });

  it('keeps to the umask otherwise', async () => {
    const before = process.umask(0o077);
    onTestFinished(() => void process.umask(before));
    const store = await temporaryStore({ clock: later });
    await fill(store);
    for (const { path, mode } of await modes(store.root)) {
      expect(`${path} ${(mode & 0o077).toString(8)}`).toBe(`${path} 0`);
    }
  });
});

/** Puts something of each sort into a store. */
async function fill(store: Store): Promise<void> {
  const dir = await temporaryFolder();
  await mkdir(`${dir}/inner`);
  await writeFile(`${dir}/inner/small`, 'small');
  await chmod(`${dir}/inner/small`, 0o600);
  await writeFile(`${dir}/large`, Buffer.alloc(2_000_000));
  const { digest } = expectKind(await store.artifacts.putTree(dir), 'stored');
  expectKind(await store.actions.put(actionResult('a')), 'stored');
  expect(store.actions.peek(actionResult('a').key)).toBeUndefined();
  expect(store.actions.refresh()).toEqual([]);
  expectKind(await store.claims.acquire(actionResult('b').key), 'acquired');
  expectKind(
    await store.snapshots.save(actionResult('c').key, async (into) => {
      await mkdir(`${into}/inner`);
      await writeFile(`${into}/inner/weights`, 'w');
    }),
    'saved',
  );
  expectKind(await store.fileIndex.digests({ root: dir, paths: ['large'] }), 'indexed');
  expectKind(await setPin(store, { name: 'paper', digests: [digest] }), 'pinned');
}

async function modes(root: string): Promise<readonly { path: string; folder: boolean; mode: number }[]> {
  const paths = await readdir(root, { recursive: true });
  return await Promise.all(
    ['.', ...paths].map(async (path) => {
      const found = await stat(`${root}/${path}`);
      return { path, folder: found.isDirectory(), mode: found.mode };
    }),
  );
}
