import type * as FileSystem from 'node:fs';
import { readdir } from 'node:fs/promises';
import { expect, it, vi } from 'vitest';
import { digestOf, taskKeyOf } from '../../cache/digest.ts';
import { actionResult } from './support/action-results.ts';
import { expectKind } from './support/expect-kind.ts';
import { temporaryStore } from './support/temporary-store.ts';

const server = vi.hoisted(() => ({ says: 'EEXIST' }));

/** As over NFS, where the reply to the first request was lost: it has linked, and the repeated one fails. */
vi.mock('node:fs', async (importOriginal) => {
  const real = await importOriginal<typeof FileSystem>();
  const linkSync = (from: string, to: string): void => {
    real.linkSync(from, to);
    throw Object.assign(new Error(server.says), { code: server.says, syscall: 'link' });
  };
  return { ...real, linkSync };
});

it.each(['EEXIST', 'EIO', 'ESTALE'])('a link counts that was made though the reply is %s', async (code) => {
  server.says = code;
  const store = await temporaryStore();
  const claim = expectKind(await store.claims.acquire(taskKeyOf(digestOf('task'))), 'acquired').claim;
  expect(claim.number).toBe(1);
  await claim.release();
  expect(await readdir(`${store.root}/claims`)).toEqual([]);
  expectKind(await store.actions.put(actionResult('a')), 'stored');
});
