import type * as FileSystem from 'node:fs';
import { expect, it, vi } from 'vitest';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import { actionPath, blobPath } from '../../cache/local/store-folder.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { opened, temporaryStore } from './support/temporary-store.ts';

const server = vi.hoisted(() => ({ removes: '' }));

/** As over NFS, where another host removes a file between the moment it is opened here and the moment it is read. */
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const readFileSync = (path: string, options?: BufferEncoding): string | Buffer => {
    if (path !== server.removes) return real.readFileSync(path, options);
    real.rmSync(path, { force: true });
    throw Object.assign(new Error(`ESTALE: '${path}'`), { code: 'ESTALE', syscall: 'read', path });
  };
  return { ...real, readFileSync };
});

it('a claim that is released elsewhere while it is read is none', async () => {
  const here = await temporaryStore();
  const there = await opened({ dir: here.root });
  const key = taskKeyOf(digestOf('task'));
  expectKind(await there.claims.acquire(key), 'acquired');
  server.removes = `${here.root}/claims/${key}.1`;
  expectKind(await here.claims.acquire(key), 'acquired');
});

it('a result that is removed elsewhere while it is read is not there', async () => {
  const store = await temporaryStore();
  const result = actionResult('a');
  expectKind(await store.actions.put(result), 'stored');
  server.removes = actionPath(store, result.key);
  expect(await store.actions.get(result.key)).toEqual({ kind: 'absent' });
});

it('a blob that is collected elsewhere while it is read is not there', async () => {
  const store = await temporaryStore();
  const { digest } = expectKind(await store.blobs.putBytes('text'), 'stored');
  server.removes = blobPath(store, digest);
  expect(await store.blobs.read(digest)).toEqual({ kind: 'absent', digest });
});
