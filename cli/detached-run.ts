import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { usualDriver } from '../engine/executors/slurm/config.ts';
import { submitDriver } from '../engine/executors/slurm/driver-job.ts';
import { ownJob } from '../engine/executors/slurm/job-stages.ts';
import { slurmCommands } from '../engine/executors/slurm/slurm-commands.ts';
import { detachedRunVariable } from '../engine/run/detached-variable.ts';
import { isFresh } from '../engine/run/detached.ts';
import type { Detached } from '../engine/run/detached.ts';
import { runNames } from '../engine/run/journal.ts';
import { makeRunFolder } from '../engine/run/journal-writer.ts';
import { newRunId, timeOf } from '../engine/run/run-id.ts';
import { runFolder } from '../engine/run/run-folder.ts';
import { exitCode } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import type { RunFlags } from './flags.ts';
import { complain, say } from './io.ts';
import type { Io } from './io.ts';
import type { Prepared } from './prepare.ts';
import { sayLine } from './say-json.ts';

/** What a driver that works in a job was told by whoever put it there; undefined for all others. */
export function detachedHere(env: Io['env']): Detached | undefined {
  const run = env[detachedRunVariable];
  // It becomes the name of a folder.
  return run === undefined || timeOf(run) === undefined || run.includes('/') || run.includes('..')
    ? undefined
    : { run, job: ownJob(env) };
}

/** Puts the driver of a run into a job of the cluster, and says how to watch it. The study has been found right. */
export async function detachRun(request: {
  readonly ready: Pick<Prepared, 'store' | 'plan' | 'workspace' | 'sources'>;
  readonly flags: Pick<RunFlags, 'json'>;
  readonly io: Io;
}): Promise<ExitCode> {
  const { ready, flags, io } = request;
  const { store, plan, workspace } = ready;
  const commands = slurmCommands();
  const now = new Date();
  const run = newRunId(now, (await runNames(store.runsDir))[0]);
  const folder = runFolder(store.runsDir, run);
  const about = {
    ...{ folder, sharing: store.sharing, run, study: plan.study, file: plan.file, member: workspace.member },
    startedAt: now.toISOString(),
    sources: [...ready.sources].map(([path, text]) => ({ file: path, text })),
    isAnnounced: true,
  } as const;
  await makeRunFolder(about);
  const answer = await submitDriver({
    ...{ store, folder, run, commands, command: ownCommand(), cwd: io.cwd },
    settings: workspace.slurm?.settings ?? {},
    driver: workspace.slurm?.driver ?? usualDriver,
  });
  if ('words' in answer) {
    await rm(folder.dir, { recursive: true, force: true });
    complain(
      io,
      `Slurm takes no job for the driver: ${answer.words}`,
      '`slurm: { driver: … }` in sweetspot.config.yaml says how it is submitted; without --detach the driver stays here',
    );
    return exitCode.machine;
  }
  const { jobId } = answer;
  const driverJob = { cluster: (await commands.clusterName()) ?? '', id: jobId, user: userInfo().uid };
  // A driver that has begun by now has said more than is known here.
  if (isFresh(folder)) await makeRunFolder({ ...about, driverJob });
  if (flags.json === true) sayLine(io, { kind: 'detached', run, job: jobId });
  else
    say(
      io,
      [
        `run ${run}: its driver is job ${jobId}`,
        `  to watch it: sweetspot status --watch ${run}`,
        `  to stop it:  scancel ${jobId} (what runs by then is finished and kept)`,
      ].join('\n'),
    );
  return exitCode.done;
}

/** The command as it was called, but for what brought it here. */
function ownCommand(): readonly string[] {
  const args = process.argv.slice(1).filter((each) => each !== '--detach');
  return [process.execPath, ...process.execArgv, ...args, '--executor', 'slurm'];
}
