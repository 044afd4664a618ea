import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { noUse } from '../../../cache/remotes/remote-use.ts';
import { compactUses } from '../../../cache/remotes/uses/compact-uses.ts';
import { readUses } from '../../../cache/remotes/uses/read-uses.ts';
import { recordUse } from '../../../cache/remotes/uses/record-use.ts';
import type { Store } from '../../../cache/store.ts';
import { verifyStore } from '../../../cache/upkeep/verify-store.ts';
import { expectKind } from '../support/expect-kind.ts';
import { temporaryFolder, temporaryStore } from '../support/temporary-store.ts';

const folderOf = ({ root }: Store): string => join(root, 'index/remotes');
const filesOf = async (store: Store): Promise<readonly string[]> => await readdir(folderOf(store));
const hits = async (store: Store): Promise<number> => (await readUses(store)).get('team')?.hits ?? 0;

function record(store: Store, times: number): void {
  for (let time = 0; time < times; time++)
    recordUse(store, new Map([['team', { ...noUse(), hits: 1, fetchedBytes: 1000 }]]));
}

describe('records of what remotes were good for', () => {
  it('are put together when there are many, and count as before', async () => {
    const store = await temporaryStore({ sharing: 'group' });
    let most = 0;
    for (let process = 0; process < 300; process++) {
      record(store, 1);
      most = Math.max(most, (await filesOf(store)).length);
    }
    expect(most).toBeLessThan(70);
    expect((await readUses(store)).get('team')).toEqual({ ...noUse(), hits: 300, fetchedBytes: 300_000 });
    expect(expectKind(await verifyStore({ store }), 'verified').findings).toEqual([]);
  });

  it('leave alone what is much larger than they are', async () => {
    const store = await temporaryStore();
    record(store, 60);
    compactUses(store);
    const [large] = await filesOf(store);
    record(store, 3);
    compactUses(store);
    const files = await filesOf(store);
    expect(files).toHaveLength(2);
    expect(files).toContain(large);
    expect(await hits(store)).toBe(63);
  });

  it('count once wherever putting them together was interrupted', async () => {
    const store = await temporaryStore();
    record(store, 12);
    const before = await filesOf(store);
    const kept = await temporaryFolder();
    for (const name of before) await copyFile(join(folderOf(store), name), join(kept, name));
    compactUses(store);
    expect(await filesOf(store)).toHaveLength(1);
    // Killed after the new file was there, and before the last of the old ones was gone; and once more at that.
    for (const gone of [0, 5, 11]) {
      for (const name of before.slice(gone)) await copyFile(join(kept, name), join(folderOf(store), name));
      expect(await hits(store)).toBe(12);
      record(store, 1);
      compactUses(store);
      expect(await hits(store)).toBe(13);
      await rm(folderOf(store), { recursive: true });
      await mkdir(folderOf(store));
      for (const name of before) await copyFile(join(kept, name), join(folderOf(store), name));
      compactUses(store);
    }
    // Killed before it was there.
    await writeFile(join(folderOf(store), 'tmp-killed'), '{"format":1,"rec');
    compactUses(store);
    expect(await hits(store)).toBe(12);
  });

  it('lose nothing to what is damaged, which stays to be named', async () => {
    const store = await temporaryStore();
    record(store, 3);
    await writeFile(join(folderOf(store), 'damaged'), '{"format":1,"remotes":{}}\n');
    compactUses(store);
    expect(await filesOf(store)).toContain('damaged');
    expect(await hits(store)).toBe(3);
  });

  it('count once each while several processes write them and put them together, and one is killed', async () => {
    const store = await temporaryStore();
    const program = join(import.meta.dirname, '../support/record-uses.ts');
    const start = (count: number) => {
      const child = spawn(process.execPath, ['--import', 'tsx', program, store.root, String(count)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const said = { count: 0 };
      child.stdout.on('data', (text: Buffer) => {
        said.count += text.byteLength;
        if (count > 1000 && said.count > 30) child.kill('SIGKILL');
      });
      return { said, ended: once(child, 'close') };
    };
    const killed = start(1_000_000);
    const others = [start(60), start(60)];
    let last = 0;
    const state = { isOver: false };
    const all = Promise.all([killed, ...others].map(({ ended }) => ended)).finally(
      () => (state.isOver = true),
    );
    while (!state.isOver) {
      const now = await hits(store);
      expect(now).toBeGreaterThanOrEqual(last);
      last = now;
      await new Promise((resolve) => setImmediate(resolve));
    }
    await all;
    expect(others.map(({ said }) => said.count)).toEqual([60, 60]);
    // It may have written one more than it could say.
    const least = 120 + killed.said.count;
    expect([least, least + 1]).toContain(await hits(store));
    compactUses(store);
    expect([least, least + 1]).toContain(await hits(store));
  });
});
