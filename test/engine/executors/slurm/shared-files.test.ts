import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore } from '../../../../cache/open-store.ts';
import type { Sharing, Store } from '../../../../cache/store.ts';
import {
  batchFiles,
  elementFiles,
  slurmDir,
  writeBatch,
} from '../../../../engine/executors/slurm/batch-files.ts';
import type { BatchFiles } from '../../../../engine/executors/slurm/batch-files.ts';
import { demandOf } from '../../../../engine/executors/slurm/demand.ts';
import { JobBook } from '../../../../engine/executors/slurm/job-book.ts';
import type { Job } from '../../../../engine/worker/protocol.ts';
import { makeRunFolder } from '../../../../engine/run/journal-writer.ts';
import { runFolder } from '../../../../engine/run/run-folder.ts';
import { config } from './through.ts';

let dir: string;
let umask: number;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sweetspot-shared-'));
  umask = process.umask(0o077);
});
afterEach(async () => {
  process.umask(umask);
  await rm(dir, { recursive: true, force: true });
});

const modeOf = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

async function writtenBatch(
  sharing: Sharing,
): Promise<{ readonly store: Store; readonly files: BatchFiles }> {
  const opened = await openStore({ dir: join(dir, 'store'), sharing });
  if (opened.kind !== 'opened') throw new Error(opened.kind);
  const { store } = opened;
  const folder = runFolder(store.runsDir, 'r1');
  const about = { study: 's', file: '/s.yaml', startedAt: '', sources: [] };
  await makeRunFolder({ folder, sharing, run: 'r1', ...about });
  await using book = await JobBook.open(slurmDir(folder), sharing);
  await book.submitted('1', '7');
  const files = batchFiles(folder, '1');
  const demand = demandOf({ kind: 'x', resources: { slots: 0 }, timeoutMs: undefined }, config);
  // A worker that only makes a file, as the events of a part are made.
  const entry = new URL(`file://${join(dir, 'worker.cjs')}`);
  writeFileSync(entry, `require('fs').writeFileSync(process.argv[2] + '.events', 'begun')`);
  await writeBatch(files, {
    store,
    demand,
    elements: [[{ job: {} as Job }]],
    worker: { entry, execArgv: [] },
  });
  const { output } = elementFiles(files, 0);
  writeFileSync(output, '');
  execFileSync('bash', [files.script], { env: { ...process.env, SLURM_ARRAY_TASK_ID: '0' } });
  return { store, files };
}

it('what a job is made of, and what it writes, is open to all who share the store, whatever the umask', async () => {
  const { store, files } = await writtenBatch('group');
  const { spec, output } = elementFiles(files, 0);
  const read = [spec, files.script, output, `${spec}.events`, join(store.runsDir, 'r1/slurm/book.jsonl')];
  expect(read.map(modeOf)).toEqual(Array<string>(5).fill('644'));
  // Whoever comes after a dead driver marks what it was submitting.
  expect([files.dir, join(files.dir, '..')].map(modeOf)).toEqual(['2775', '2775']);
  expect(readFileSync(`${spec}.events`, 'utf8')).toBe('begun');
});

it('in a store of one user it is as the umask says', async () => {
  const { files } = await writtenBatch('umask');
  expect([elementFiles(files, 0).spec, files.script, elementFiles(files, 0).output].map(modeOf)).toEqual([
    ...['600', '600', '600'],
  ]);
});
