import { chmod, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { writeSettingsAnew } from '../../cache/local/store-settings.ts';
import { shareStore } from '../../cache/upkeep/share-store.ts';
import { rememberUsage, storeUsage } from '../../cache/upkeep/usage.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import { openStore } from '../../cache/open-store.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryStore, unpublishedFiles } from './support/temporary-store.ts';

const hourMs = 3_600_000;

describe('a quota', () => {
  it('is known to whoever opens the store, until it is lifted', async () => {
    const store = await temporaryStore();
    expect(store.quotaBytes).toBeUndefined();
    const before = await readFile(`${store.root}/store.json`, 'utf8');
    await writeSettingsAnew({ ...store, quotaBytes: 1e12 });
    const limited = await opened({ dir: store.root });
    expect([limited.quotaBytes, limited.sharing]).toEqual([1e12, 'umask']);
    expectKind(await shareStore({ folder: limited, group: undefined }), 'shared');
    const shared = await opened({ dir: store.root });
    expect([shared.quotaBytes, shared.sharing]).toEqual([1e12, 'group']);
    await writeSettingsAnew(store);
    expect(await readFile(`${store.root}/store.json`, 'utf8')).toBe(before);
    expect(await unpublishedFiles(store)).toEqual([]);
  });

  it.each(['"2TB"', '0', '-1', '1.5', 'null'])('of %s is nothing that a store has', async (quota) => {
    const store = await temporaryStore();
    await chmod(`${store.root}/store.json`, 0o644);
    await writeFile(`${store.root}/store.json`, `{"format":1,"quotaBytes":${quota},"sharing":"umask"}\n`);
    expect(await openStore({ dir: store.root })).toMatchObject({ kind: 'incompatible', reason: 'damaged' });
  });
});

describe('what a store holds', () => {
  it('is counted once an hour, and anew where the count is damaged or of a time to come', async () => {
    const store = await temporaryStore();
    await store.blobs.putBytes('12345');
    const first = expectKind(await storeUsage(store, { withinMs: hourMs, nowMs: 1000 }), 'usage');
    expect(first).toEqual({ kind: 'usage', bytes: 5, atMs: 1000 });
    await store.blobs.putBytes('678');
    const at = async (nowMs: number): Promise<number> =>
      expectKind(await storeUsage(store, { withinMs: hourMs, nowMs }), 'usage').bytes;
    expect(await at(2000)).toBe(5);
    expectKind(await verifyStore({ store }), 'verified');
    expect(await at(2000)).toBe(5);
    expect(await at(1000 + hourMs)).toBe(8);
    await rememberUsage(store, { bytes: 99, atMs: 500 });
    expect(await at(600)).toBe(99);
    expect(await at(400)).toBe(8);
    await chmod(`${store.root}/index/usage`, 0o644);
    await writeFile(`${store.root}/index/usage`, '{"atMs":400,"bytes":7,"format":1}\n');
    expect(await at(401)).toBe(8);
  });

  it('is part of a sound store', async () => {
    const store = await temporaryStore();
    await rememberUsage(store, { bytes: 1, atMs: 2 });
    expect(expectKind(await verifyStore({ store }), 'verified').findings).toEqual([]);
  });
});
