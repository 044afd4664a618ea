import { expect } from 'vitest';
import { importArchive } from '../../../cache/archive/import-archive.ts';
import type { ImportReport } from '../../../cache/archive/import-report.ts';
import { readyArchive } from '../../../cache/archive/write-archive.ts';
import type { ReadyArchive } from '../../../cache/archive/write-archive.ts';
import type { Digest, TaskKey } from '../../../cache/digest.ts';
import type { SigningPolicy } from '../../../cache/signatures/signing-policy.ts';
import type { Store } from '../../../cache/store.ts';
import { verifyStore } from '../../../cache/upkeep/verify-store.ts';
import { expectKind } from '../support/expect-kind.ts';
import { fill } from '../support/filled-store.ts';
import { temporaryStore, unpublishedFiles } from '../support/temporary-store.ts';
import { inPieces, packed } from './tars.ts';

export interface Filled {
  readonly store: Store;
  readonly keys: readonly TaskKey[];
  readonly big: Digest;
}

export const big: Buffer = Buffer.alloc(1024 * 1024 + 7, 'weights of some size ');

/** Two results that share a file, one of them large. */
export async function filled(options: { readonly signing?: SigningPolicy } = {}): Promise<Filled> {
  const store = await temporaryStore(options);
  const one = await fill(store, 'one', { 'model/weights.bin': big, 'model.json': '{"a":1}' });
  const two = await fill(store, 'two', { 'scores.json': '{"a":1}', 'empty.txt': '' });
  return { store, keys: [one.result.key, two.result.key], big: one.files.get('model/weights.bin')! };
}

export async function ready({ store, keys }: Pick<Filled, 'store' | 'keys'>): Promise<ReadyArchive> {
  const archive = await readyArchive({
    ...{ store, study: 'small', top: 'small' },
    tasks: keys.map((key, index) => ({ task: `task@n=${index}`, kind: 'train', key })),
    data: [],
    files: [{ path: 'study/small.yaml', content: Buffer.from('study: small\n') }],
  });
  return expectKind(archive, 'ready');
}

export async function tarOf(from: Pick<Filled, 'store' | 'keys'>): Promise<Buffer> {
  return await packed((await ready(from)).pack());
}

export async function take(store: Store, bytes: Uint8Array, isDry = false): Promise<ImportReport> {
  return expectKind(
    await importArchive({ store, source: inPieces(bytes, 100_000), name: 'small.tar', isDry }),
    'read',
  );
}

/** Whatever was imported: nothing is half there, and each result that stands is whole. */
export async function expectSound(store: Store): Promise<void> {
  expect(await unpublishedFiles(store)).toEqual([]);
  expect(expectKind(await verifyStore({ store }), 'verified').findings).toEqual([]);
  for await (const { outputs, key } of store.actions.list()) {
    expect(await store.blobs.has(key as string as Digest)).toBe(true);
    for (const digest of Object.values(outputs)) expect(await store.artifacts.isComplete(digest)).toBe(true);
  }
}

export async function blobsIn(store: Store): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { digest } of store.blobs.list()) found.push(digest);
  return found.sort();
}
