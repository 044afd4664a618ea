import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ownIdentity } from '../../../cache/process-identity.ts';
import { leaseDevice } from '../../../engine/worker/device-lease.ts';
import type { LeaseResult } from '../../../engine/worker/device-lease.ts';

let leaseDir: string;
beforeEach(async () => {
  leaseDir = join(await mkdtemp(join(tmpdir(), 'leases-')), 'sub');
});
afterEach(() => rm(leaseDir, { recursive: true, force: true }));

const lease = (deviceId: string, share = 1): Promise<LeaseResult> =>
  leaseDevice({ leaseDir, deviceId, share });

async function release(result: LeaseResult): Promise<void> {
  if (result.kind === 'leased') await result.lease[Symbol.asyncDispose]();
}

it('gives a device once at a time', async () => {
  const first = await lease('GPU-1');
  expect(first.kind).toBe('leased');
  expect(await lease('GPU-1')).toMatchObject({ kind: 'busy', holder: { pid: process.pid } });
  expect((await lease('GPU-2')).kind).toBe('leased');
  await release(first);
  expect((await lease('GPU-1')).kind).toBe('leased');
});

it('gives shares up to the whole', async () => {
  const kinds = [];
  for (let i = 0; i < 4; i++) kinds.push((await lease('GPU-1', 1 / 3)).kind);
  expect(kinds).toEqual(['leased', 'leased', 'leased', 'busy']);
  expect((await lease('GPU-1', 1)).kind).toBe('busy');
});

it('takes over from the dead, and clears up after them', async () => {
  const held = await lease('GPU-1');
  await release(held);
  const dead = { ...ownIdentity(), startTicks: '1', share: 1 };
  await writeFile(join(leaseDir, 'GPU-1.7'), JSON.stringify(dead));
  expect((await lease('GPU-1')).kind).toBe('leased');
  expect(await readdir(leaseDir)).toEqual(['GPU-1.8']);
});

it.each(['', '\0\0', '{"host":"here","pid":1', 'null', '{"pid":"1","share":1}'])(
  'takes a lease that is damaged for nobody’s: %j',
  async (text) => {
    await release(await lease('GPU-1'));
    await writeFile(join(leaseDir, 'GPU-1.7'), text);
    expect((await lease('GPU-1')).kind).toBe('leased');
    expect(await readdir(leaseDir)).toEqual(['GPU-1.8']);
  },
);

it('never gives a device twice, however many want it at a time', async () => {
  for (let round = 0; round < 20; round++) {
    const results = await Promise.all(Array.from({ length: 8 }, () => lease('GPU-1', 0.5)));
    const leased = results.filter((result) => result.kind === 'leased');
    expect(leased.length).toBeLessThanOrEqual(2);
    for (const result of results) await release(result);
  }
  expect(await readdir(leaseDir)).toEqual([]);
});
