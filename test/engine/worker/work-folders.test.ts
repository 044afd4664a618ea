import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newWorkFolder, sweepWork } from '../../../engine/worker/work-folders.ts';

let store: string;
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), 'work-'));
});
afterEach(() => rm(store, { recursive: true, force: true }));

/** A work folder with its name changed, as if another process had made it. */
async function folder(rename: (name: string) => string = (name) => name): Promise<string> {
  const path = newWorkFolder(store);
  const renamed = join(store, 'work', rename(basename(path)));
  await mkdir(renamed, { recursive: true });
  return renamed;
}

/** The same process number, but of a process that began earlier. */
const earlier = (name: string): string => name.replace(/-\d+-([0-9a-f]+)$/, '-1-$1');

it('keeps what living processes work in, and what other hosts and containers have', async () => {
  const kept = [
    await folder(),
    await folder((name) => `0000${name.slice(4)}`),
    await folder((name) => `${name.slice(0, 8)}0000${name.slice(12)}`),
    await folder(() => 'notes'),
  ];
  const gone = await folder(earlier);
  await sweepWork(store);
  expect(kept.filter((path) => !existsSync(path))).toEqual([]);
  expect(existsSync(gone)).toBe(false);
});

it('removes, where it is told of one process, what that one has left, and no more', async () => {
  const gone = await folder(earlier);
  await sweepWork(store, process.pid + 1);
  expect(existsSync(gone)).toBe(true);
  await sweepWork(store, process.pid);
  expect(existsSync(gone)).toBe(false);
});

it.each([
  [
    'keeps its temporary files there',
    (dir: string) => ({ cwd: tmpdir(), TMPDIR: join(dir, 'scratch/home') }),
  ],
  ['works there', (dir: string) => ({ cwd: dir, TMPDIR: tmpdir() })],
])('ends a program of a dead process that %s, and all it has started', async (_, place) => {
  const { cwd, TMPDIR } = place(await folder(earlier));
  const living = place(await folder());
  const start = (script: string, at: { readonly cwd: string; readonly TMPDIR: string }): ChildProcess =>
    spawn('sh', ['-c', script], {
      cwd: at.cwd,
      env: { ...process.env, TMPDIR: at.TMPDIR },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    });
  const orphan = start('setsid sleep 1000 & echo $!; wait', { cwd, TMPDIR });
  const other = start('echo $$; exec sleep 1000', living);
  const ended = once(orphan, 'exit');
  // Inherited by what it has started in a session of its own: closed when that has ended, too.
  const closed = once(orphan, 'close');
  await Promise.all([orphan, other].map((child) => once(child.stdout!, 'data')));
  await sweepWork(store);
  expect(await ended).toEqual([null, 'SIGKILL']);
  await closed;
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill('SIGKILL');
});
