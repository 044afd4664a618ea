import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import type * as FileSystemNow from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import type { TaskKey } from '../../cache/digest.ts';
import { openStore } from '../../cache/open-store.ts';
import type { Store } from '../../cache/store.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import { setPin } from '../../cache/upkeep/pins.ts';
import { storeStats } from '../../cache/upkeep/store-stats.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryFolder, temporaryStore, unpublishedFiles } from './support/temporary-store.ts';

/** Which call to the file system fails next, and how. */
const faults = vi.hoisted(() => {
  let countdown = Infinity;
  let code = 'ENOSPC';
  let isPaused = false;
  return {
    failAfter: (calls: number, withCode: string): void => {
      countdown = calls;
      code = withCode;
    },
    off: (): void => void (countdown = Infinity),
    pause: (): void => void (isPaused = true),
    resume: (): void => void (isPaused = false),
    hit: (): boolean => countdown < 0,
    step(syscall: string, path: unknown): void {
      if (isPaused || countdown-- !== 0) return;
      throw Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall, path });
    },
  };
});

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const failing = <Args extends unknown[], Result>(
    name: string,
    action: (...args: Args) => Promise<Result>,
  ) => {
    return async (...args: Args): Promise<Result> => {
      faults.step(name, args[0]);
      return await action(...args);
    };
  };
  const open = async (...args: Parameters<typeof real.open>): Promise<FileHandle> => {
    faults.step('open', args[0]);
    const handle = await real.open(...args);
    handle.writeFile = failing('write', handle.writeFile.bind(handle));
    handle.sync = failing('fsync', handle.sync.bind(handle));
    handle.chmod = failing('fchmod', handle.chmod.bind(handle));
    return handle;
  };
  return {
    ...real,
    open,
    writeFile: failing('write', real.writeFile),
    rename: failing('rename', real.rename),
    link: failing('link', real.link),
    mkdir: failing('mkdir', real.mkdir),
    readdir: failing('scandir', real.readdir),
    readFile: failing('read', real.readFile),
    stat: failing('stat', real.stat),
    utimes: failing('utime', real.utimes),
    appendFile: failing('write', real.appendFile),
  };
});

/** What the small files of a store are written with; `existsSync` says no instead of failing. */
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystemNow>();
  const failing = <Args extends unknown[], Result>(name: string, action: (...args: Args) => Result) => {
    return (...args: Args): Result => {
      faults.step(name, typeof args[0] === 'string' ? args[0] : undefined);
      return action(...args);
    };
  };
  const fsync = (descriptor: number, done: (error: Error | null) => void): void => {
    try {
      faults.step('fsync', undefined);
      real.fsync(descriptor, done);
    } catch (error) {
      done(error as Error);
    }
  };
  return {
    ...real,
    fsync,
    openSync: failing('open', real.openSync),
    writeFileSync: failing('write', real.writeFileSync),
    fsyncSync: failing('fsync', real.fsyncSync),
    fchmodSync: failing('fchmod', real.fchmodSync),
    renameSync: failing('rename', real.renameSync),
    linkSync: failing('link', real.linkSync),
    readdirSync: failing('scandir', real.readdirSync),
    readFileSync: failing('read', real.readFileSync),
    statSync: failing('stat', real.statSync),
    utimesSync: failing('utime', real.utimesSync),
  };
});

afterEach(() => faults.off());

/** A key of its own for each attempt, so that none finds the work done. */
function keyOf(attempt: number): TaskKey {
  return taskKeyOf(digestOf(`task ${attempt}`));
}

async function tree(attempt: number): Promise<string> {
  const dir = await temporaryFolder();
  await mkdir(`${dir}/inner`);
  await writeFile(`${dir}/inner/small`, `small ${attempt}`);
  await writeFile(`${dir}/large`, Buffer.alloc(1_100_000, `large ${attempt}`));
  return dir;
}

/** Too large to be read at one go, past the calls that fail here. */
const there = 'there'.repeat(20_000);
const small = 'read at one go';

async function copyOrNothing(
  blobs: Store['blobs'],
  text: string,
  dir: string,
): Promise<{ readonly kind: string }> {
  const copied = await blobs.copyTo(digestOf(text), `${dir}/out`);
  faults.pause();
  expect((await readdir(dir)).includes('out')).toBe(copied.kind === 'copied');
  faults.resume();
  return copied;
}

interface Operation {
  readonly name: string;
  /** The kind of the answer when nothing fails. */
  readonly success: string;
  readonly run: (store: Store, dir: string, attempt: number) => Promise<{ readonly kind: string }>;
}

const operations: readonly Operation[] = [
  { name: 'putBytes', success: 'stored', run: ({ blobs }, _, n) => blobs.putBytes(`bytes ${n}`) },
  { name: 'putUnsynced', success: 'stored', run: ({ blobs }, _, n) => blobs.putUnsynced(`log ${n}`) },
  { name: 'putFile', success: 'stored', run: ({ blobs }, dir) => blobs.putFile(`${dir}/large`) },
  { name: 'read', success: 'found', run: ({ blobs }) => blobs.read(digestOf(there)) },
  { name: 'copyTo', success: 'copied', run: ({ blobs }, dir) => copyOrNothing(blobs, there, dir) },
  { name: 'copyTo, small', success: 'copied', run: ({ blobs }, dir) => copyOrNothing(blobs, small, dir) },
  { name: 'actions.put', success: 'stored', run: ({ actions }, _, n) => actions.put(actionResult(`a${n}`)) },
  { name: 'putTree', success: 'stored', run: ({ artifacts }, dir) => artifacts.putTree(dir) },
  {
    name: 'claims.acquire',
    success: 'acquired',
    async run({ claims }, _, n) {
      // The same key when tried again: a failed attempt must not leave a claim behind.
      const result = await claims.acquire(keyOf(Math.floor(n)));
      faults.off();
      if (result.kind === 'acquired') await result.claim.release();
      return result;
    },
  },
  {
    name: 'snapshots.save',
    success: 'saved',
    run: ({ snapshots }, _, n) => snapshots.save(keyOf(n), (into) => writeFile(`${into}/w`, 'w')),
  },
  {
    name: 'fileIndex.digests',
    success: 'indexed',
    run: ({ fileIndex }, dir) => fileIndex.digests({ root: dir, paths: ['large', 'inner/small'] }),
  },
  {
    name: 'setPin',
    success: 'pinned',
    run: (store) => setPin(store, { name: 'paper', digests: [digestOf(there)] }),
  },
  {
    name: 'collectGarbage',
    success: 'collected',
    run: (store) => collectGarbage({ store, roots: [], graceMs: 0 }),
  },
  { name: 'verifyStore', success: 'verified', run: (store) => verifyStore({ store }) },
  { name: 'storeStats', success: 'stats', run: (store) => storeStats(store) },
];

/** All the first calls, then ever fewer: a walk over the whole store makes a thousand of them. */
function next(calls: number): number {
  return calls < 30 ? calls + 1 : Math.ceil(calls * 1.7);
}

describe('whichever call to the file system fails', () => {
  it.each(operations)(
    '$name reports it, leaves nothing half made, and works when tried again',
    async ({ success, run }) => {
      const store = await temporaryStore();
      let failures = 0;
      for (let calls = 0; ; calls = next(calls)) {
        const dir = await tree(calls);
        await store.blobs.putBytes(there);
        await store.blobs.putBytes(small);
        faults.failAfter(calls, 'ENOSPC');
        const result = await run(store, dir, calls);
        const reached = result.kind === 'store-failure' || faults.hit();
        faults.off();
        // Some calls are best effort: without them, the work is done all the same.
        if (result.kind === 'store-failure') {
          failures += 1;
          expect(result).toMatchObject({ reason: 'no-space' });
        } else expect(result.kind).toBe(success);
        expect(await unpublishedFiles(store)).toEqual([]);
        if (!reached) break;
        await store.blobs.putBytes(there);
        expect((await run(store, await tree(calls + 0.5), calls + 0.5)).kind).toBe(success);
      }
      expect(failures).toBeGreaterThan(0);
      const report = expectKind(await verifyStore({ store }), 'verified');
      expect(report.findings).toEqual([]);
    },
  );

  it.each([
    ['ENOSPC', 'no-space'],
    ['EDQUOT', 'no-space'],
    ['EACCES', 'permission'],
    ['EPERM', 'permission'],
    ['EROFS', 'read-only'],
    ['EIO', 'io'],
  ])('%s is called %s', async (code, reason) => {
    const store = await temporaryStore();
    faults.failAfter(1, code);
    const failure = expectKind(await store.blobs.putBytes('bytes'), 'store-failure');
    expect(failure.reason).toBe(reason);
    expect(failure.detail).toMatch(code);
    expect(failure.path.startsWith(store.root)).toBe(true);
  });
});

describe('opening a store, whichever call to the file system fails', () => {
  it('reports it, and the next attempt makes the store whole', async () => {
    for (let calls = 0; calls < 30; calls++) {
      const dir = `${await temporaryFolder()}/.sweetspot`;
      faults.failAfter(calls, 'ENOSPC');
      const result = await openStore({ dir });
      faults.off();
      expect(['opened', 'store-failure']).toContain(result.kind);
      const store = await opened({ dir });
      expectKind(await store.blobs.putBytes('bytes'), 'stored');
      expect(await unpublishedFiles(store)).toEqual([]);
    }
  });
});

describe.runIf(process.platform === 'linux')('a store of somebody else', () => {
  it('may be read but not written to', async () => {
    const store = await temporaryStore();
    await store.blobs.putBytes(there);
    await store.actions.put(actionResult('a'));
    await chmodAll(store.root, 0o555);
    await chmod(`${store.root}/..`, 0o755);
    await asOrdinaryUser(async () => {
      const other = await opened({ dir: store.root });
      expectKind(await other.blobs.read(digestOf(there)), 'found');
      expectKind(await other.actions.get(actionResult('a').key), 'found');
      expect(expectKind(await other.blobs.putBytes('new'), 'store-failure').reason).toBe('permission');
      expect(expectKind(await other.actions.put(actionResult('b')), 'store-failure').reason).toBe(
        'permission',
      );
      expect(expectKind(await other.claims.acquire(keyOf(0)), 'store-failure').reason).toBe('permission');
    });
    await chmodAll(store.root, 0o755);
  });
});

async function chmodAll(root: string, mode: number): Promise<void> {
  for (const entry of await readdir(root, { withFileTypes: true, recursive: true })) {
    if (entry.isDirectory()) await chmod(`${entry.parentPath}/${entry.name}`, mode);
  }
  await chmod(root, mode);
}

/** Root may do anything; so drop its rights where the tests run as root. */
async function asOrdinaryUser(action: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
