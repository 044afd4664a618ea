import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { JobFolders } from '../../../engine/worker/job-folders.ts';

function makeStore(): string {
  const root = mkdtempSync(join(tmpdir(), 'job-folders-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

describe('the folders of a worker’s jobs', () => {
  it('gives each job an empty scratch folder that no other job has', async () => {
    await using folders = new JobFolders({ root: makeStore(), sharing: 'umask' });
    const seen = new Set<string>();
    for (let job = 0; job < 100; job++) {
      const folder = await folders.begin({ hasInputs: true });
      expect(readdirSync(folder.scratch)).toEqual([]);
      seen.add(folder.scratch);
      mkdirSync(join(folder.scratch, 'work/deep'), { recursive: true });
      writeFileSync(join(folder.scratch, 'work/deep/file'), '');
      folders.end(folder, { names: [] });
    }
    expect(seen.size).toBe(100);
  });

  it('gives empty folders for outputs, whatever the jobs before have left in theirs', async () => {
    await using folders = new JobFolders({ root: makeStore(), sharing: 'umask' });
    for (let job = 0; job < 12; job++) {
      const folder = await folders.begin({ hasInputs: true });
      const out = folders.output(folder, 'out');
      expect(readdirSync(out)).toEqual([]);
      writeFileSync(join(out, 'file'), '');
      if (job % 3 === 1) mkdirSync(join(out, 'tree'));
      folders.end(folder, job % 4 === 3 ? undefined : { names: ['out'] });
    }
  });

  it('keeps what failed code goes on writing out of the next job’s outputs', async () => {
    await using folders = new JobFolders({ root: makeStore(), sharing: 'umask' });
    const failed = await folders.begin({ hasInputs: true });
    const before = folders.output(failed, 'out');
    folders.end(failed, undefined);
    const out = folders.output(await folders.begin({ hasInputs: true }), 'out');
    expect(out).not.toBe(before);
  });

  it('leaves nothing', async () => {
    const root = makeStore();
    {
      await using folders = new JobFolders({ root, sharing: 'umask' });
      const folder = await folders.begin({ hasInputs: true });
      mkdirSync(folder.inputs);
      writeFileSync(join(folder.inputs, 'file'), '');
      folders.output(folder, 'out');
      folders.end(folder, { names: ['out'] });
      expect(existsSync(join(root, 'work'))).toBe(true);
    }
    expect(readdirSync(join(root, 'work'))).toEqual([]);
  });
});
