import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sweetspot, temporaryFolder } from '../support/command.ts';

const study =
  'study: one\ntasks: { a: { uses: command, with: { run: [touch, out.txt], outputs: { out: { type: files, path: out.txt } } } } }\n';

describe('--executor slurm', () => {
  it('says at once, and what to do, that this host has no Slurm; no run is begun', async () => {
    await using here = await temporaryFolder();
    await writeFile(join(here.path, 'study.yaml'), study);
    await mkdir(join(here.path, 'programs'));
    const env = { PATH: join(here.path, 'programs') };
    const ended = await sweetspot(['run', 'study.yaml', '--executor', 'slurm'], { cwd: here.path, env });
    expect(ended.code).toBe(3);
    expect(ended.stderr).toContain('no Slurm here: PATH has no sbatch');
    expect(ended.stderr).toContain('--executor local');
    expect(ended.stdout).toBe('');
  });
});
