import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import { directoryRemote } from '../../../cache/remotes/directory-remote.ts';
import { httpRemote } from '../../../cache/remotes/http/http-remote.ts';
import { pieceBytes } from '../../../cache/remotes/remote.ts';
import type { Remote } from '../../../cache/remotes/remote.ts';
import { Throttle } from '../../../cache/remotes/throttle.ts';
import { cacheServer } from '../support/cache-server.ts';
import { memoryBucket } from '../support/memory-bucket.ts';
import { bucketPlace, tinyRemote } from '../support/memory-tiers.ts';
import { patientCall } from '../support/remote-contract.ts';
import { temporaryFolder, temporaryStore } from '../support/temporary-store.ts';
import { remoteAt, tiersOver } from '../support/tiers.ts';

describe('a throttle', () => {
  it('gives each its turn, one after another, and no credit for time that nobody used', () => {
    const throttle = new Throttle(1000);
    expect(throttle.waitMs(500, 0)).toBe(500);
    // Two at a time share the line.
    expect(throttle.waitMs(500, 100)).toBe(900);
    expect(throttle.waitMs(100, 5000)).toBe(100);
    expect(throttle.waitMs(100, 5000)).toBe(200);
  });

  it('lets go of whoever gives up', async () => {
    const controller = new AbortController();
    const waiting = new Throttle(1).take(1_000_000, controller.signal);
    controller.abort();
    await waiting;
  });
});

describe.each<[string, () => Promise<Remote>]>([
  [
    'a server',
    async () => httpRemote({ name: 'team', place: { kind: 'http', url: (await cacheServer()).url } }, {}),
  ],
  // In parts and ranges.
  ['a bucket', async () => tinyRemote((await memoryBucket()).endpoint).remote],
  ['a folder', async () => directoryRemote((await temporaryStore()).root)],
])('%s', (name, open) => {
  it.each([700, 1_000_000])('is paced both ways, for every one of %i bytes', async (sizeBytes) => {
    const remote = await open();
    const bytes = Buffer.alloc(sizeBytes, 'sweetspot');
    const digest = digestOf(bytes);
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'blob'), bytes);
    const counts: number[] = [];
    const pace = (count: number): Promise<void> => Promise.resolve(void counts.push(count));
    const total = (): number => counts.splice(0).reduce((sum, count) => sum + count, 0);
    const put = { digest, sizeBytes: bytes.byteLength, path: join(dir, 'blob') };
    const call = { ...patientCall, pace };
    expect(await remote.putBlob(put, call)).toEqual({ kind: 'stored' });
    if (name !== 'a folder') expect(Math.max(...counts)).toBeLessThanOrEqual(pieceBytes);
    const up = total();
    const got = await remote.getBlob({ digest, path: join(dir, 'copy'), mostBytes: 1e9 }, call);
    expect(got).toMatchObject({ kind: 'received', digest });
    const down = total();
    // Where file systems share blocks no bytes move; and a byte or so is kept back of what is sent.
    const moved = name !== 'a folder' || down > 0 ? bytes.byteLength : 0;
    expect(down).toBe(moved);
    expect(up).toBeGreaterThanOrEqual(moved - 16);
  });
});

it('a transfer to and from a bucket takes as long as its pace, and waits in order', async () => {
  const remote = tinyRemote((await memoryBucket()).endpoint).remote;
  const bytes = Buffer.alloc(100_000, 'sweetspot');
  const path = join(await temporaryFolder(), 'blob');
  await writeFile(path, bytes);
  let asked = 0;
  let most = 0;
  const pace = async (): Promise<void> => {
    asked += 1;
    most = Math.max(most, asked);
    await new Promise(setImmediate);
    asked -= 1;
  };
  const call = { ...patientCall, pace };
  const blob = { digest: digestOf(bytes), sizeBytes: bytes.byteLength, path };
  expect(await remote.putBlob(blob, call)).toEqual({ kind: 'stored' });
  expect(await remote.getBlob({ ...blob, path: `${path}-copy`, mostBytes: 1e9 }, call)).toMatchObject({
    kind: 'received',
  });
  // Four parts or ranges at a time, each of which waits before it goes on.
  expect(most).toBeLessThanOrEqual(4);
});

it.each(['server', 'bucket'])(
  'a %s that is given little bandwidth is not thought dead while its transfers wait',
  async (kind) => {
    const bytes = Buffer.alloc(6_000, 'x');
    const digest = digestOf(bytes);
    const server = await cacheServer();
    server.files.set(`/cas/${digest}`, bytes);
    const bucket = await memoryBucket();
    bucket.objects.set(`p/cas/${digest}`, bytes);
    const place =
      kind === 'server' ? ({ kind: 'http', url: server.url } as const) : bucketPlace(bucket.endpoint);
    const settings = remoteAt(place, { bandwidth: 6_000, timeoutMs: 400 });
    const { store, troubles } = await tiersOver([settings]);
    const began = performance.now();
    expect(await store.fetchBlob(digestOf(bytes))).toEqual({ kind: 'fetched' });
    // It can only have taken longer.
    expect(performance.now() - began).toBeGreaterThan(900);
    expect(troubles).toEqual([]);
  },
);

it('a remote that may be written to and not read takes what is brought', async () => {
  const asked: string[] = [];
  const server = await cacheServer((request, response) => {
    asked.push(request.method ?? '');
    if (request.method !== 'GET') return false;
    response.writeHead(403).end();
    return true;
  });
  const { store } = await tiersOver([remoteAt({ kind: 'http', url: server.url })]);
  const [remote] = store.openedRemotes;
  expect((await store.blobs.read(digestOf('nothing'))).kind).toBe('absent');
  expect([remote?.isUsed('pull'), remote?.isUsed('push')]).toEqual([false, true]);
  const looked = await remote?.forPush.hasBlobs([digestOf('nothing')], patientCall);
  expect(looked).toEqual({ kind: 'looked', present: new Set() });
  expect(await remote?.hasBlobs([digestOf('nothing')], patientCall)).toMatchObject({
    kind: 'remote-failure',
  });
  expect(asked).toEqual(['GET', 'HEAD']);
});
