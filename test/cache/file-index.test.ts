import { appendFile, mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../cache/clock.ts';
import { systemClock } from '../../cache/clock.ts';
import { digestOf } from '../../cache/digest.ts';
import type { IndexedFile } from '../../cache/file-index.ts';
import type { Store } from '../../cache/store.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryFolder, temporaryStore } from './support/temporary-store.ts';

/** Wall time an hour ahead of the files: none of them is young any more. */
const later: Clock = { ...systemClock, wallMs: () => Date.now() + 3_600_000 };

interface Indexed {
  readonly files: readonly IndexedFile[];
  /** Bytes that had to be read. */
  readonly readBytes: number;
}

async function index(store: Store, root: string, paths: readonly string[]): Promise<Indexed> {
  let readBytes = 0;
  const onProgress = (done: { readonly readBytes: number }): void => void (readBytes = done.readBytes);
  const { files } = expectKind(await store.fileIndex.digests({ root, paths, onProgress }), 'indexed');
  return { files, readBytes };
}

async function dataSet(): Promise<{ root: string; paths: readonly string[] }> {
  const root = await temporaryFolder();
  await mkdir(`${root}/cats`);
  await writeFile(`${root}/cats/1.png`, 'cat one');
  await writeFile(`${root}/dog ü\n.png`, 'a dog');
  return { root, paths: ['dog ü\n.png', 'cats/1.png'] };
}

async function logOf(store: Store): Promise<string> {
  const [name] = await readdir(`${store.root}/index`);
  return `${store.root}/index/${name!}`;
}

describe('the file index', () => {
  it('answers digest, size and time of each file, in the order asked', async () => {
    const store = await temporaryStore({ clock: later });
    const { root, paths } = await dataSet();
    const { files } = await index(store, root, paths);
    const { mtimeMs } = await stat(`${root}/cats/1.png`);
    expect(files.map(({ path }) => path)).toEqual(paths);
    expect(files[1]).toEqual({ path: 'cats/1.png', size: 7, mtimeMs, sha256: digestOf('cat one') });
  });

  it('reads a file once, in this process and the next', async () => {
    const store = await temporaryStore({ clock: later });
    const { root, paths } = await dataSet();
    const first = await index(store, root, paths);
    expect(first.readBytes).toBe(12);
    expect(await index(store, root, paths)).toEqual({ ...first, readBytes: 0 });
    const successor = await opened({ dir: store.root, clock: later });
    expect(await index(successor, root, paths)).toEqual({ ...first, readBytes: 0 });
  });

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['grew', (path) => appendFile(path, '!')],
    ['changed within its size', (path) => writeFile(path, 'CAT ONE')],
    [
      'changed within its size and had its time put back',
      async (path) => {
        const { atime, mtime } = await stat(path);
        await writeFile(path, 'CAT ONE');
        await utimes(path, atime, mtime);
      },
    ],
    [
      'was replaced by one of the same size and time',
      async (path) => {
        const { atime, mtime } = await stat(path);
        await writeFile(`${path}.new`, 'CAT ONE');
        await utimes(`${path}.new`, atime, mtime);
        await rename(`${path}.new`, path);
      },
    ],
  ])('reads a file again that %s', async (_, change) => {
    const store = await temporaryStore({ clock: later });
    const { root, paths } = await dataSet();
    await index(store, root, paths);
    // So that not even the change of the inode falls into the same tick of the file system's clock.
    await afterATick(root);
    await change(`${root}/cats/1.png`);
    const again = await index(store, root, paths);
    expect(again.readBytes).toBe(again.files[1]!.size);
    expect(again.files[1]!.sha256).toBe(digestOf(await readFile(`${root}/cats/1.png`)));
  });

  it('does not trust the stamp of a file that changed just before it was read', async () => {
    const startedMs = Date.now();
    const { root, paths } = await dataSet();
    // However long this machine takes to come to it.
    const store = await temporaryStore({ clock: { ...systemClock, wallMs: () => startedMs + 1000 } });
    expect((await index(store, root, paths)).readBytes).toBe(12);
    expect((await index(store, root, paths)).readBytes).toBe(12);
    // Nor one that claims to come from the future.
    const ahead = await opened({ dir: store.root, clock: later });
    await utimes(`${root}/cats/1.png`, new Date('2999-01-01'), new Date('2999-01-01'));
    await index(ahead, root, paths);
    expect((await index(ahead, root, paths)).readBytes).toBe(7);
  });

  it('names a missing file', async () => {
    const store = await temporaryStore({ clock: later });
    const { root, paths } = await dataSet();
    for (const path of ['none', 'cats/none', 'cats/1.png/none']) {
      expect(await store.fileIndex.digests({ root, paths: [...paths, path] })).toEqual({
        kind: 'missing',
        path,
      });
    }
    expectKind(await store.fileIndex.digests({ root: `${root}/none`, paths }), 'missing');
    expectKind(await store.fileIndex.digests({ root, paths: ['cats'] }), 'store-failure');
  });

  it('is, when damaged, only slower', async () => {
    const { root, paths } = await dataSet();
    const store = await temporaryStore({ clock: later });
    const right = (await index(store, root, paths)).files;
    const log = await logOf(store);
    const whole = await readFile(log);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 7 }), async (at, bit) => {
        await writeFile(log, Buffer.from(whole.map((byte, n) => (n === at ? byte ^ (1 << bit) : byte))));
        expect((await index(store, root, paths)).files).toEqual(right);
        await writeFile(log, whole.subarray(0, at));
        expect((await index(store, root, paths)).files).toEqual(right);
        expect((await index(store, root, paths)).files).toEqual(right);
      }),
      { numRuns: 25 },
    );
    await rm(`${store.root}/index`, { recursive: true });
    expect((await index(store, root, paths)).files).toEqual(right);
  });

  it('may be written by several at once', async () => {
    const { root } = await dataSet();
    const paths = Array.from({ length: 300 }, (_, n) => `${n}`);
    for (const path of paths) await writeFile(`${root}/${path}`, `file ${path}`);
    const store = await temporaryStore({ clock: later });
    const others = await Promise.all(
      Array.from({ length: 4 }, () => opened({ dir: store.root, clock: later })),
    );
    const results = await Promise.all(others.map((other) => index(other, root, paths)));
    for (const { files } of results) expect(files).toEqual(results[0]!.files);
    expect((await index(store, root, paths)).readBytes).toBe(0);
  });

  it('does not grow for ever', async () => {
    const { root, paths } = await dataSet();
    const store = await temporaryStore({ clock: later });
    const { files } = await index(store, root, paths);
    const log = await logOf(store);
    const line = await readFile(log, 'utf8');
    await writeFile(log, line.repeat(2000));
    expect(await index(store, root, paths)).toEqual({ files, readBytes: 0 });
    expect(await readFile(log, 'utf8')).toBe(line);
    expect((await stat(log)).mode & 0o200).toBe(0o200);
  });

  it('stops when told to', async () => {
    const { root, paths } = await dataSet();
    const store = await temporaryStore({ clock: later });
    const signal = AbortSignal.abort(new Error('stop'));
    await expect(store.fileIndex.digests({ root, paths, signal })).rejects.toThrow('stop');
  });
});

/** Waits, by writing, until the file system's clock has moved on. */
async function afterATick(root: string): Promise<void> {
  const touch = async (): Promise<number> => {
    await writeFile(`${root}/tick`, '');
    return (await stat(`${root}/tick`)).mtimeMs;
  };
  const start = await touch();
  while ((await touch()) === start);
}
