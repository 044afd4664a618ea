import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { slurmCommands } from '../../../../engine/executors/slurm/slurm-commands.ts';
import { temporaryFolder } from '../../../support/command.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** Puts a program before all others. */
async function placeProgram(dir: string, name: string, script: string): Promise<void> {
  await writeFile(join(dir, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(dir, name), 0o755);
  vi.stubEnv('PATH', `${dir}:${process.env['PATH'] ?? ''}`);
}

describe('programs of Slurm', () => {
  it('list all jobs, whatever their user likes to see of the queue', async () => {
    await using dir = await temporaryFolder();
    await placeProgram(dir.path, 'squeue', 'echo "1_0|RUNNING|${SQUEUE_PARTITION-all}|${SLURM_CONF-none}"');
    vi.stubEnv('SQUEUE_PARTITION', 'debug');
    vi.stubEnv('SLURM_CONF', 'here');
    expect(await slurmCommands().queue(['sweetspot-r'])).toEqual([
      { id: '1_0', state: 'RUNNING', reason: 'all', comment: 'here' },
    ]);
  });

  it('submit at once, also for who has sbatch wait for the end', async () => {
    await using dir = await temporaryFolder();
    await placeProgram(dir.path, 'sbatch', '[ -z "$SBATCH_WAIT" ] && echo "5${SBATCH_PARTITION}"');
    vi.stubEnv('SBATCH_WAIT', '1');
    vi.stubEnv('SBATCH_PARTITION', '7');
    expect(await slurmCommands().submit([])).toEqual({ jobId: '57' });
  });

  it('refuse in their own words', async () => {
    await using dir = await temporaryFolder();
    await placeProgram(
      dir.path,
      'sbatch',
      'echo "sbatch: error: invalid partition specified: gpus" >&2; exit 1',
    );
    expect(await slurmCommands().submit([])).toMatchObject({
      kind: 'refused',
      words: 'sbatch: error: invalid partition specified: gpus',
    });
  });
});
