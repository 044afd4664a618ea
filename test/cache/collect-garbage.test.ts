import { mkdir, readFile, readdir, rename, stat, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../cache/digest.ts';
import type { Digest } from '../../cache/digest.ts';
import { listBlobs } from '../../cache/local/list-blobs.ts';
import { namesIn } from '../../cache/local/names-in.ts';
import { blobPath } from '../../cache/local/store-folder.ts';
import type { Store } from '../../cache/store.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import type { GarbageReport, GarbageRequest } from '../../cache/upkeep/collect-garbage.ts';
import { removePin, setPin } from '../../cache/upkeep/pins.ts';
import { setAside } from '../../cache/upkeep/sweep.ts';
import { makeSweep } from '../../cache/upkeep/trash-sweeps.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { temporaryFolder, temporaryStore } from './support/temporary-store.ts';

const dayMs = 24 * 3_600_000;

async function collect(store: Store, request: Partial<GarbageRequest> = {}): Promise<GarbageReport> {
  return expectKind(await collectGarbage({ store, roots: [], ...request }), 'collected');
}

async function put(store: Store, text: string): Promise<Digest> {
  return expectKind(await store.blobs.putBytes(text), 'stored').digest;
}

async function putTree(store: Store, files: { readonly [path: string]: string }): Promise<Digest> {
  const dir = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) await writeFile(`${dir}/${path}`, text);
  return expectKind(await store.artifacts.putTree(dir), 'stored').digest;
}

/** Makes every blob look two days older than it is. */
async function ageAll(store: Store): Promise<void> {
  for await (const { digest } of store.blobs.list()) await ageOne(store, digest);
}

async function ageOne(store: Store, digest: Digest, byMs: number = 2 * dayMs): Promise<void> {
  const time = new Date((await stat(blobPath(store, digest))).mtimeMs - byMs);
  await utimes(blobPath(store, digest), time, time);
}

/** Whether the blob lies in its place; asking the store would fetch it back. */
async function inPlace(store: Store, digest: Digest): Promise<boolean> {
  return (await namesIn(`${store.root}/cas/${digest.slice(0, 2)}`)).includes(digest);
}

describe('garbage collection', () => {
  it('sets aside what nothing reaches, and deletes it a grace later', async () => {
    const store = await temporaryStore();
    const digest = await put(store, 'garbage');
    await ageAll(store);
    expect(await collect(store)).toMatchObject({ trashed: { count: 1, bytes: 7 }, deleted: { count: 0 } });
    expect(await inPlace(store, digest)).toBe(false);
    expect(await collect(store)).toMatchObject({ trashed: { count: 0 }, deleted: { count: 0 } });
    const nowMs = Date.now() + dayMs + 60_000;
    expect(await collect(store, { nowMs })).toMatchObject({ deleted: { count: 1, bytes: 7 } });
    expect(await store.blobs.has(digest)).toBe(false);
    expect(await readdir(`${store.root}/trash`)).toEqual([]);
  });

  it('fetches back what a reader misses', async () => {
    const store = await temporaryStore();
    const digest = await put(store, 'wanted');
    await ageAll(store);
    await collect(store);
    expectKind(await store.blobs.read(digest), 'found');
    expect(await inPlace(store, digest)).toBe(true);
    // And leaves it alone then.
    expect(await collect(store)).toMatchObject({ trashed: { count: 0 } });
  });

  it('keeps what is young, or was put again', async () => {
    const store = await temporaryStore();
    const old = await put(store, 'old but put again');
    await ageAll(store);
    await put(store, 'old but put again');
    await put(store, 'young');
    expect(await collect(store)).toMatchObject({ trashed: { count: 0 } });
    expect(await inPlace(store, old)).toBe(true);
  });

  it('keeps roots, pins and actions with all their files, and names missing roots', async () => {
    const store = await temporaryStore();
    const root = await putTree(store, { a: 'a', shared: 'shared' });
    const pinned = await putTree(store, { b: 'b' });
    const garbage = await putTree(store, { c: 'c', shared: 'shared' });
    const log = await put(store, 'a log');
    const result = actionResult('an action');
    await put(store, 'an action');
    await store.actions.put(result);
    await setPin(store, { name: 'paper', digests: [pinned] });
    await ageAll(store);
    const missing = digestOf('missing');
    const report = await collect(store, { roots: [root, log, missing] });
    expect(report).toMatchObject({ missingRoots: [missing], trashed: { count: 2 }, before: { count: 9 } });
    expect(await inPlace(store, digestOf('an action'))).toBe(true);
    expect(await inPlace(store, garbage)).toBe(false);
    expect(await inPlace(store, digestOf('c'))).toBe(false);
    for (const artifact of [root, pinned]) expect(await store.artifacts.isComplete(artifact)).toBe(true);
    expectKind(await store.actions.get(result.key), 'found');

    await removePin(store, 'paper');
    expect(await collect(store, { roots: [root, log] })).toMatchObject({ trashed: { count: 2 } });
  });

  it('brings back from the trash what has become a root', async () => {
    const store = await temporaryStore();
    const artifact = await putTree(store, { a: 'a' });
    await ageAll(store);
    await collect(store);
    const nowMs = Date.now() + 3 * dayMs;
    const report = await collect(store, { roots: [artifact], nowMs });
    // The manifest came back when it was read.
    expect(report).toMatchObject({ restored: { count: 1 }, deleted: { count: 0 } });
    expect(await inPlace(store, digestOf('a'))).toBe(true);
  });

  it('goes no further than a size that is asked for, the longest unused first', async () => {
    const store = await temporaryStore();
    const digests: Digest[] = [];
    for (const [n, letter] of ['a', 'b', 'c', 'd'].entries()) {
      digests.push(await put(store, letter.repeat(100)));
      await ageOne(store, digests[n]!, (10 - n) * dayMs);
    }
    const live = await put(store, 'x'.repeat(50));
    const kept = async (): Promise<readonly boolean[]> =>
      await Promise.all(digests.map((digest) => inPlace(store, digest)));
    expect(await collect(store, { roots: [live], maxBytes: 450 })).toMatchObject({ trashed: { count: 0 } });
    expect(await collect(store, { roots: [live], maxBytes: 260 })).toMatchObject({
      trashed: { count: 2, bytes: 200 },
      excessBytes: 0,
    });
    expect(await kept()).toEqual([false, false, true, true]);
    expect(await collect(store, { roots: [live], maxBytes: 10 })).toMatchObject({
      trashed: { count: 2 },
      excessBytes: 40,
    });
  });

  it('says in a dry run what it would do, and does nothing', async () => {
    const store = await temporaryStore();
    const digest = await put(store, 'garbage');
    await ageAll(store);
    const dry = await collect(store, { dryRun: true });
    expect(await inPlace(store, digest)).toBe(true);
    expect(await collect(store)).toEqual({ ...dry, dryRun: false });
    const nowMs = Date.now() + 2 * dayMs;
    const dryLater = await collect(store, { dryRun: true, nowMs });
    expect(dryLater.deleted.count).toBe(1);
    expect(await collect(store, { nowMs })).toEqual({ ...dryLater, dryRun: false });
  });

  it('collects nothing while a pin cannot be read', async () => {
    const store = await temporaryStore();
    await put(store, 'perhaps pinned');
    await ageAll(store);
    await setPin(store, { name: 'paper', digests: [digestOf('perhaps pinned')] });
    const path = `${store.root}/pins/paper`;
    await rename(path, `${path}.tmp`);
    await writeFile(path, (await readFile(`${path}.tmp`, 'utf8')).replace('a', 'b'));
    const refused = expectKind(await collectGarbage({ store, roots: [] }), 'damaged-pins');
    expect(refused.paths).toContain(path);
    expect(await inPlace(store, digestOf('perhaps pinned'))).toBe(true);
  });

  it('notices that a blob is put again between the choice and the move', async () => {
    const store = await temporaryStore();
    const digest = await put(store, 'just in time');
    await ageAll(store);
    const chosen = [];
    for await (const blob of listBlobs(store)) chosen.push(blob);
    await put(store, 'just in time');
    const sweep = await makeSweep(store, Date.now());
    expect(await setAside(store, chosen[0]!, { sweep, cutoffMs: Date.now() - dayMs })).toBe(false);
    expect(await inPlace(store, digest)).toBe(true);
  });

  it('removes what killed processes have left, when it is old', async () => {
    const store = await temporaryStore();
    const { key } = actionResult('done');
    await store.actions.put(actionResult('done'));
    const claim = expectKind(await store.claims.acquire(key), 'acquired').claim;
    await store.snapshots.save(key, (dir) => writeFile(`${dir}/w`, 'w'));
    await store.snapshots.save(actionResult('not done').key, (dir) => writeFile(`${dir}/w`, 'w'));
    await mkdir(`${store.root}/partial/${actionResult('not done').key}/tmp-killed`);
    await writeFile(`${store.root}/claims/0123456789abcdef.beat`, '000000000007\n');
    await writeFile(`${store.root}/tmp/tmp-killed`, 'half');
    await writeFile(`${store.root}/ac/${key.slice(0, 2)}/tmp-killed`, 'half');
    expect((await collect(store)).leftovers.count).toBe(0);
    const nowMs = Date.now() + 2 * dayMs;
    // Two files, a claim, a heartbeat, the snapshots of what is done, half a snapshot of what is not.
    expect((await collect(store, { nowMs })).leftovers.count).toBe(6);
    expect(await store.snapshots.newest(actionResult('not done').key)).toBeDefined();
    expect((await collect(store, { nowMs: nowMs + 40 * dayMs })).leftovers.count).toBe(1);
    await claim.release();
  });
});

/** Makes every sweep look two days older than it is. */
async function ageTrash(store: Store): Promise<void> {
  for (const name of await readdir(`${store.root}/trash`)) {
    const [time = '', random = ''] = name.split('-');
    const older = `${Number(time) - 2 * dayMs}-${random}`;
    await rename(`${store.root}/trash/${name}`, `${store.root}/trash/${older}`);
  }
}

describe('whatever happens at once', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const step = fc.record({
    act: fc.constantFrom('put', 'read', 'age', 'collect', 'age trash', 'collect two', 'drop pin', 'pin'),
    name: fc.constantFrom(...names),
  });

  it('no promise is broken: what was put or read lately, or is pinned, is there, and right', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 12 }),
        async (rounds) => {
          const store = await temporaryStore();
          const promised = new Set<string>();
          const pinned = new Set<string>();
          for (const round of rounds) {
            const kept = new Set(promised);
            // Ageing is not something that can happen beside the rest: it moves time.
            for (const { act, name } of round) {
              const digest = digestOf(name);
              if (act === 'age' && (await inPlace(store, digest))) {
                await ageOne(store, digest);
                promised.delete(name);
                kept.delete(name);
              }
              // A pin on what is not there promises nothing.
              if (act === 'pin' && (await store.blobs.has(digest))) {
                await setPin(store, { name, digests: [digest] });
                pinned.add(name);
              }
              if (act === 'age trash') await ageTrash(store);
              if (act === 'drop pin') {
                await removePin(store, name);
                pinned.delete(name);
              }
            }
            await Promise.all(
              round.map(async ({ act, name }) => {
                if (act === 'put') {
                  await put(store, name);
                  kept.add(name);
                } else if (act === 'read') {
                  const read = await store.blobs.read(digestOf(name));
                  if (read.kind === 'found') expect(Buffer.from(read.bytes).toString()).toBe(name);
                  else expect(read.kind).toBe('absent');
                } else if (act.startsWith('collect')) {
                  await collect(store);
                  if (act === 'collect two') await Promise.all([collect(store), collect(store)]);
                }
              }),
            );
            for (const name of kept) promised.add(name);
            for (const name of [...promised, ...pinned]) {
              const read = expectKind(await store.blobs.read(digestOf(name)), 'found');
              expect(Buffer.from(read.bytes).toString()).toBe(name);
            }
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});
