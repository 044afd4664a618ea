import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startSweetspot } from '../support/command.ts';
import type { Finished, Started } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

/** A Slurm of one node with two "GPUs", of this test alone. */
export interface Cluster extends AsyncDisposable {
  /** What one of Slurm's programs prints. */
  ask(program: string, ...args: readonly string[]): Promise<string>;
  /** All jobs so far, ended ones too: `ID STATE` each. */
  jobs(...filter: readonly string[]): Promise<readonly { readonly id: string; readonly state: string }[]>;
  /** Ends the controller as a crash does, and starts it again where its state lies. */
  killController(): Promise<void>;
  startController(): Promise<void>;
  run(dir: string, args: readonly string[]): Started;
}

export async function openCluster(): Promise<Cluster> {
  // Not in the tests' own temporary folder: munge refuses a socket below a folder that is closed to others.
  const dir = await mkdtemp('/tmp/sweetspot-slurm-');
  const conf = join(dir, 'slurm.conf');
  const env = { ...process.env, SLURM_CONF: conf };
  const run = promisify(execFile);
  const cluster: Cluster = {
    ask: async (program, ...args) => (await run(program, args, { env })).stdout,
    async jobs(...filter) {
      const all = ['--noheader', '--array', '--states=all', '--format=%i %T'];
      const text = await cluster.ask('squeue', ...all, ...filter);
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => {
        const [id = '', state = ''] = line.trim().split(' ');
        return { id, state };
      });
    },
    async killController() {
      process.kill(Number(await readFile(join(dir, 'slurmctld.pid'), 'utf8')), 'SIGKILL');
    },
    startController: () => daemon('slurmctld', ['-f', conf], env),
    run: (where, args) =>
      startSweetspot(['run', 'study.yaml', '--json', '--executor', 'slurm', ...args], {
        cwd: where,
        detached: true,
        env: { SLURM_CONF: conf },
      }),
    async [Symbol.asyncDispose]() {
      await daemon(join(repositoryRoot, 'scripts/slurm/stop.sh'), [dir], env);
      await rm(dir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  await daemon(join(repositoryRoot, 'scripts/slurm/start.sh'), [dir], env);
  return cluster;
}

/** A program that leaves daemons behind, which must not hold this process's pipes. */
function daemon(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} exited with ${code ?? 'a signal'}`));
    });
  });
}

/** A workspace for runs on a cluster, with a study of `tasks` (YAML). */
export async function placeStudy(dir: string, study: string, slurm = ''): Promise<void> {
  await writeFile(join(dir, 'study.yaml'), study);
  const lines = ['slurm:', '  slot: { gpus: 1, cpus: 1 }', '  limits: { pollSeconds: 1 }', slurm];
  await writeFile(join(dir, 'sweetspot.config.yaml'), `${lines.join('\n')}\n`);
}

/** Kills a driver, and nothing of what it has submitted. */
export async function killDriver({ child, finished }: Started): Promise<Finished> {
  child.kill('SIGKILL');
  return finished;
}
