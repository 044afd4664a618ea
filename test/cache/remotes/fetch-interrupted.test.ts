import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { digestOf } from '../../../cache/digest.ts';
import { folderPath } from '../../../cache/local/store-folder.ts';
import { temporaryFolder as folderFor } from '../../support/command.ts';
import { mayMount, smallDisk } from '../../faults/small-disk.ts';
import { cacheServer } from '../support/cache-server.ts';
import { temporaryStore, unpublishedFiles } from '../support/temporary-store.ts';
import { remoteAt, tiersOver } from '../support/tiers.ts';
import { until } from '../support/until.ts';

const content = Buffer.alloc(3_000_000, 'content');
const digest = digestOf(content);
await using probe = await folderFor();
const mounts = mayMount(join(probe.path, 'disk'));

describe('fetching a blob', () => {
  it('that a kill interrupts leaves nothing under its name, and another fetch brings it', async () => {
    const store = await temporaryStore();
    let isWhole = false;
    let halfSent: () => void;
    const half = new Promise<void>((resolve) => (halfSent = resolve));
    const server = await cacheServer((request, response) => {
      if (isWhole || request.method !== 'GET') return false;
      response.writeHead(200, { 'content-length': content.byteLength });
      response.write(content.subarray(0, 2_000_000), () => halfSent());
      return true;
    });
    server.files.set(`/cas/${digest}`, content);
    const program = fileURLToPath(new URL('../support/fetch-slowly.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', program, store.root, server.url, digest]);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    onTestFinished(() => void child.kill('SIGKILL'));
    await half;
    await until(async () => (await unpublishedFiles(store))[0]);
    child.kill('SIGKILL');
    await ended;
    expect(await store.blobs.has(digest)).toBe(false);
    expect(await unpublishedFiles(store)).toHaveLength(1);

    isWhole = true;
    const { store: tiered } = await tiersOver([remoteAt({ kind: 'http', url: server.url })], store);
    expect(await tiered.blobs.read(digest)).toMatchObject({ kind: 'found' });
  });

  if (mounts)
    it('onto a full disk is a failure of this machine, and leaves nothing behind', async () => {
      const store = await temporaryStore();
      const server = await cacheServer();
      server.files.set(`/cas/${digest}`, content);
      const team = await temporaryStore();
      await team.blobs.putBytes(content);
      for (const place of [
        { kind: 'http', url: server.url },
        { kind: 'directory', path: team.root },
      ] as const) {
        using disk = smallDisk(folderPath(store, 'tmp'), 1_000_000);
        const { store: tiered, troubles } = await tiersOver([remoteAt(place)], store);
        expect(await tiered.blobs.read(digest)).toMatchObject({ kind: 'store-failure', reason: 'no-space' });
        expect(troubles).toEqual([]);
        expect(await unpublishedFiles(store)).toEqual([]);
        disk.empty();
      }
      expect(await store.blobs.has(digest)).toBe(false);
    });
});
