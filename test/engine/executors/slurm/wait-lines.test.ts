import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { waitLines } from '../../../../engine/executors/slurm/wait-lines.ts';
import { openRig } from '../../support/rig.ts';
import { fileAppears } from '../../support/scripted-kinds.ts';

/** What a process behind a script ends as, that is sent SIGUSR1 once it knows the process. */
async function ended(onSignal: string, behind: string): Promise<number | null> {
  await using rig = await openRig();
  const script = [
    `trap '${onSignal}' USR1`,
    `bash -c '${behind}' & behind=$!`,
    'touch known',
    ...waitLines('behind'),
    'exit "$code"',
  ].join('\n');
  const job = spawn('bash', ['-c', script], { cwd: rig.studyDir, stdio: 'ignore' });
  const end = once(job, 'exit') as Promise<[number | null]>;
  await fileAppears(join(rig.studyDir, 'known'));
  job.kill('SIGUSR1');
  return (await end)[0];
}

it.each([
  ['goes on after the signal', 'touch heard', 'until [ -e heard ]; do sleep 0.1; done; sleep 0.3; exit 9', 9],
  ['ends while the signal is seen to', 'touch heard; sleep 0.5', 'until [ -e heard ]; do :; done; exit 9', 9],
  ['is ended by the signal', 'kill -KILL $behind; sleep 0.2', 'while :; do sleep 0.1; done', 137],
])('a process that %s ends as what it ends as', async (_, onSignal, behind, code) => {
  expect(await ended(onSignal, behind)).toBe(code);
});
