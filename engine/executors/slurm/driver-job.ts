import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, share } from '../../../cache/local/store-folder.ts';
import type { StoreFolder } from '../../../cache/store.ts';
import { detachedRunVariable } from '../../run/detached-variable.ts';
import type { RunFolder } from '../../run/run-folder.ts';
import { slurmDir } from './batch-files.ts';
import type { DriverSettings, JobSettings } from './config.ts';
import { optionsOf } from './demand.ts';
import { jobName } from './find-live-jobs.ts';
import { shellWord } from './shell-word.ts';
import type { Refused, SlurmCommands } from './slurm-commands.ts';
import { waitLines } from './wait-lines.ts';

/** Puts the driver of a run, whose folder is there, into a job of its own. Throws system errors. */
export async function submitDriver(request: {
  readonly store: StoreFolder;
  readonly folder: RunFolder;
  readonly run: string;
  /** Of all jobs. */
  readonly settings: JobSettings;
  /** Of this one. */
  readonly driver: DriverSettings;
  readonly commands: Pick<SlurmCommands, 'submit'>;
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly cwd: string;
}): Promise<{ readonly jobId: string } | Refused> {
  const { store, folder, run, commands, command, cwd } = request;
  await makeFolder(slurmDir(folder), store.sharing);
  const script = join(slurmDir(folder), 'driver.sh');
  await writeFile(script, scriptOf(run, command));
  await share(script, store, 0o644);
  const { account, partition, qos } = request.settings;
  const { cpus, ...own } = request.driver;
  return commands.submit([
    ...[`--job-name=${jobName(folder)}-driver`, `--output=${folder.driverOutput}`, `--chdir=${cwd}`],
    // A driver that comes to its time limit is told two minutes ahead, and begins anew.
    ...['--open-mode=append', '--requeue', '--signal=B:USR1@120', `--cpus-per-task=${cpus}`],
    ...optionsOf({ account, partition, qos, ...own }),
    script,
  ]);
}

/** SIGTERM is the driver's to hear, once, also when it comes as the driver begins: the shell passes it on, and waits. */
function scriptOf(run: string, command: readonly string[]): string {
  return [
    '#!/bin/bash',
    // Jobs get the environment of whoever submits.
    'unset driver early',
    `export ${detachedRunVariable}=${shellWord(run)}`,
    `trap 'if [ -n "$driver" ]; then kill -TERM "$driver"; else early=1; fi' TERM`,
    `trap 'scontrol requeue "$SLURM_JOB_ID"' USR1`,
    `${command.map(shellWord).join(' ')} & driver=$!`,
    '[ -z "$early" ] || kill -TERM "$driver"',
    ...waitLines('driver'),
    'exit "$code"',
    '',
  ].join('\n');
}
