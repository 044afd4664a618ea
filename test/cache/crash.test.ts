import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { parseTaskKey } from '../../cache/digest.ts';
import { collectGarbage } from '../../cache/upkeep/collect-garbage.ts';
import { verifyStore } from '../../cache/upkeep/verify-store.ts';
import { namesIn } from '../../cache/local/names-in.ts';
import { repositoryRoot } from '../support/shared.ts';
import { expectKind } from './support/expect-kind.ts';
import { temporaryFolder, temporaryStore, unpublishedFiles } from './support/temporary-store.ts';

const program = resolve(repositoryRoot, 'test/cache/support/publish-for-ever.ts');

/** One that has said this word. */
async function publisher(dir: string, scratch: string, word: 'ready' | 'published'): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', program, dir, scratch], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface(child.stdout)) if (line === word) return child;
  throw new Error(`a publisher ended before it was ${word}`);
}

it('holds no bad byte after publishers were killed at any moment', { timeout: 300_000 }, async () => {
  const store = await temporaryStore();
  const scratch = await temporaryFolder();
  let results = 0;
  for (let round = 0; round < 6; round++) {
    // Some results there are, however slow the machine.
    const word = round === 0 ? 'published' : 'ready';
    const children = await Promise.all([1, 2].map(() => publisher(store.root, scratch, word)));
    for (const child of children) {
      // Not to wait for something, but to kill at a moment that nobody has chosen.
      await delay(Math.random() * 120);
      expect(child.exitCode).toBeNull();
      child.kill('SIGKILL');
      await once(child, 'exit');
    }

    const report = expectKind(await verifyStore({ store }), 'verified');
    expect(report.findings).toEqual([]);
    results = report.read.get('result')?.count ?? 0;
    // Blobs, then the manifest, then the result: whatever has a result is whole.
    for await (const { outputs, key } of store.actions.list()) {
      for (const digest of Object.values(outputs))
        expect(await store.artifacts.isComplete(digest)).toBe(true);
      expect(await store.snapshots.newest(key)).toBeDefined();
    }
    for (const name of await namesIn(`${store.root}/partial`)) {
      // A snapshot is whole or not there: nothing had to be moved aside.
      await store.snapshots.newest(parseTaskKey(name)!);
    }
    expect(await namesIn(`${store.root}/quarantine`)).toEqual([]);
  }
  expect(results).toBeGreaterThan(0);

  // What the killed have left goes with the garbage.
  const nowMs = Date.now() + 2 * 24 * 3_600_000;
  expectKind(await collectGarbage({ store, roots: [], nowMs }), 'collected');
  expect(await unpublishedFiles(store)).toEqual([]);
});
