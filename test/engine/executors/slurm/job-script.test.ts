import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { scriptOf } from '../../../../engine/executors/slurm/batch-files.ts';
import { demandOf } from '../../../../engine/executors/slurm/demand.ts';
import { openRig } from '../../support/rig.ts';
import { config } from './through.ts';

it('a job of several parts takes nothing for its own that whoever submits has in the environment', async () => {
  await using rig = await openRig();
  const dir = rig.studyDir;
  const entry = pathToFileURL(join(dir, 'worker.cjs'));
  // Says what it is told, and lives long enough to be ended by mistake.
  const says = "require('fs').writeFileSync(process.argv[2], process.argv.slice(3).join(' '))";
  await writeFile(entry, `setTimeout(() => ${says}, 300)`);
  const files = { dir, script: join(dir, 'job.sh'), output: join(dir, 'output-%a') };
  const demand = demandOf({ kind: 'x', resources: { slots: 0 }, timeoutMs: undefined }, config);
  const request = { demand, worker: { entry, execArgv: [] }, most: 2, sharing: 'umask' } as const;
  await writeFile(files.script, scriptOf(files, request));
  const env = { ...process.env, SLURM_ARRAY_TASK_ID: '0', stopped: '1', code: '7', worker: '1' };
  expect(spawnSync('bash', [files.script], { env }).status).toBe(0);
  expect(await readFile(join(dir, '0.json'), 'utf8')).toBe('');
});
