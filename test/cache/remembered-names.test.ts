import type * as FileSystem from 'node:fs';
import type * as FilePromises from 'node:fs/promises';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { as, person } from './support/people.ts';
import { remoteAt, tiersOver } from './support/tiers.ts';
import { opened, temporaryStore } from './support/temporary-store.ts';

/** A host's memory of what there is not, as long as it has one: without, calls are those of another host. */
const host = vi.hoisted(() => ({ remembers: false, missing: new Set<string>() }));

/**
 * As a client of NFS 3 does: a name that was missing once stays so, for whatever one does with it, until its folder is opened. (One
 * of NFS 4 asks the server at least when the name itself is opened.)
 */
const remembered = vi.hoisted(() => {
  const refusal = (path: string): Error =>
    Object.assign(new Error(`ENOENT: '${path}'`), { code: 'ENOENT', errno: -2, syscall: 'open', path });
  const isBelieved = (path: string): boolean => {
    if (!host.remembers) return true;
    for (let at = path; at.length > 1; at = at.slice(0, at.lastIndexOf('/')))
      if (host.missing.has(at)) return false;
    return true;
  };
  const learn = (path: string, error: unknown): unknown => {
    if (host.remembers && (error as { code?: string }).code === 'ENOENT') host.missing.add(path);
    return error;
  };
  return { refusal, isBelieved, learn };
});

vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const { refusal, isBelieved, learn } = remembered;
  const look = <T>(path: string, action: () => T): T => {
    if (!isBelieved(path)) throw refusal(path);
    try {
      return action();
    } catch (error) {
      throw learn(path, error);
    }
  };
  const forget = (folder: string): void => {
    if (!host.remembers) return;
    for (const name of host.missing) if (dirname(name) === folder) host.missing.delete(name);
  };
  return {
    ...real,
    statSync: (path: string, options?: FileSystem.StatSyncOptions) => {
      try {
        return look(path, () => real.statSync(path, { ...options, throwIfNoEntry: true }));
      } catch (error) {
        if (options?.throwIfNoEntry === false) return undefined;
        throw error;
      }
    },
    existsSync: (path: string) => isBelieved(path) && real.existsSync(path),
    readFileSync: (path: string, options?: BufferEncoding) =>
      look(path, () => real.readFileSync(path, options)),
    readdirSync: (path: string, options?: { withFileTypes: true }) => {
      const names = look(path, () => real.readdirSync(path, options!));
      forget(path);
      return names;
    },
    openSync: (path: string, flags: string, mode?: number) => {
      const descriptor = look(path, () => real.openSync(path, flags, mode));
      forget(path);
      return descriptor;
    },
  };
});

vi.mock('node:fs/promises', async (importOriginal) => {
  const real = await importOriginal<typeof FilePromises>();
  const { refusal, isBelieved, learn } = remembered;
  return {
    ...real,
    stat: async (path: string) => {
      if (!isBelieved(path)) throw refusal(path);
      return await real.stat(path).catch((error: unknown) => {
        throw learn(path, error);
      });
    },
  };
});

async function asThisHost<T>(action: () => Promise<T>): Promise<T> {
  host.remembers = true;
  try {
    return await action();
  } finally {
    host.remembers = false;
  }
}

beforeEach(() => host.missing.clear());

interface TwoHosts {
  readonly here: Store;
  readonly there: Store;
}

const kinds: readonly (readonly [string, () => Promise<TwoHosts>])[] = [
  [
    'a store',
    async () => {
      const there = await temporaryStore();
      return { here: await opened({ dir: there.root }), there };
    },
  ],
  [
    'a store below one of its own',
    async () => {
      const there = await temporaryStore();
      return { here: await temporaryStore({ over: there.root }), there };
    },
  ],
  [
    'a store that wants signatures',
    async () => {
      const [ada, ben] = [await person('ada'), await person('ben')];
      const { root } = await temporaryStore();
      return { here: await as(ben, root, [ada]), there: await as(ada, root, [ben]) };
    },
  ],
  [
    'a store with a remote behind it',
    async () => {
      const there = await temporaryStore();
      const nowhere = remoteAt({ kind: 'directory', path: `${there.root}-nowhere` });
      const { store } = await tiersOver([nowhere], await opened({ dir: there.root }));
      return { here: store, there };
    },
  ],
];

describe.each(kinds)('on a file system that remembers what there is not, %s', (_, open) => {
  it('shows results of others where they are looked for anew', async () => {
    const { here, there } = await open();
    const result = actionResult('a');
    await asThisHost(async () => expectKind(await here.actions.get(result.key), 'absent'));
    expectKind(await there.actions.put(result), 'stored');
    await asThisHost(async () => {
      expectKind(await here.actions.get(result.key), 'absent');
      expectKind(await here.actions.get(result.key, { anew: true }), 'found');
    });
  });
});

describe('on a file system that remembers what there is not', () => {
  it('shows another process what the one before it has looked for in vain', async () => {
    const there = await temporaryStore();
    const result = actionResult('a');
    await asThisHost(async () => {
      const before = await opened({ dir: there.root });
      expectKind(await before.actions.get(result.key), 'absent');
    });
    expectKind(await there.actions.put(result), 'stored');
    await asThisHost(async () => {
      const after = await opened({ dir: there.root });
      expectKind(await after.actions.get(result.key), 'found');
    });
  });

  it('shows blobs of others', async () => {
    const there = await temporaryStore();
    const here = await opened({ dir: there.root });
    const digest = digestOf('text');
    await asThisHost(async () => {
      expect(await here.blobs.has(digest)).toBe(false);
      expectKind(await here.blobs.read(digest), 'absent');
    });
    expectKind(await there.blobs.putBytes('text'), 'stored');
    await asThisHost(async () => {
      expectKind(await here.blobs.read(digest), 'found');
      expect(await here.blobs.has(digest)).toBe(true);
    });
  });

  it('shows snapshots of others', async () => {
    const there = await temporaryStore();
    const here = await opened({ dir: there.root });
    const key = taskKeyOf(digestOf('task'));
    await asThisHost(async () => expect(await here.snapshots.newest(key)).toBeUndefined());
    expectKind(await there.snapshots.save(key, (dir) => writeFile(`${dir}/weights`, 'w')), 'saved');
    await asThisHost(async () => expect(await here.snapshots.newest(key)).toMatchObject({ number: 1 }));
  });
});
