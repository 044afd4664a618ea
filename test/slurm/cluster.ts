import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { startSweetspot } from '../support/command.ts';
import type { Finished, Started } from '../support/command.ts';
import { repositoryRoot } from '../support/shared.ts';

/** A Slurm of this test alone: nodes n1, n2, … of two "GPUs" each, and partitions as `scripts/slurm/start.sh` has them. */
export interface Cluster extends AsyncDisposable {
  /** What one of Slurm's programs prints. */
  ask(program: string, ...args: readonly string[]): Promise<string>;
  /** All jobs so far, ended ones too. */
  jobs(...filter: readonly string[]): Promise<readonly { readonly id: string; readonly state: string }[]>;
  /** Resolves once the job is in one of these states. */
  becomes(id: string, ...states: readonly string[]): Promise<void>;
  /** Gives a running job a time limit of which nothing is left once it is warned: Slurm looks every half minute. */
  limit(id: string): Promise<void>;
  /** Takes a node for itself for a moment, from whoever is there. */
  takeNode(node: string): Promise<void>;
  /** Resolves once the controller has written down what it knows of a running job by now. */
  remembers(id: string): Promise<void>;
  /** Ends the controller, or what runs jobs on a node, as a crash does. */
  kill(daemon: 'slurmctld' | `slurmd-${string}`): Promise<void>;
  startController(): Promise<void>;
  startNode(name: string): Promise<void>;
  run(dir: string, args?: readonly string[], env?: NodeJS.ProcessEnv): Started;
}

export async function openCluster(nodes: number): Promise<Cluster> {
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
    async becomes(id, ...states) {
      for (;;) {
        const [job] = await cluster.jobs(`--jobs=${id}`);
        if (job !== undefined && states.includes(job.state)) return;
        await delay(200);
      }
    },
    async limit(id) {
      await cluster.ask('scontrol', 'update', `jobid=${id}`, 'timelimit=1');
    },
    async takeNode(node) {
      const job = ['--partition=urgent', `--nodelist=${node}`, '--exclusive', '--output=/dev/null'];
      await cluster.ask('sbatch', ...job, '--wrap=sleep 1');
    },
    async remembers(id) {
      const askedMs = Date.now();
      // It writes when something has changed.
      await cluster.ask('scontrol', 'update', `jobid=${id}`, 'timelimit=600');
      while ((await stat(join(dir, 'state/job_state'))).mtimeMs <= askedMs) await delay(200);
    },
    async kill(name) {
      process.kill(Number(await readFile(join(dir, 'pids', name), 'utf8')), 'SIGKILL');
    },
    startController: () => daemon('slurmctld', ['-f', conf], env),
    startNode: (name) => daemon('slurmd', ['-f', conf, '-N', name], env),
    run: (where, args = [], more = {}) =>
      startSweetspot(['run', 'study.yaml', '--json', '--executor', 'slurm', ...args], {
        cwd: where,
        detached: true,
        // What its user likes to see of the queue is not what the run has to know.
        env: { SLURM_CONF: conf, SQUEUE_PARTITION: 'urgent', ...more },
      }),
    async [Symbol.asyncDispose]() {
      await daemon(join(repositoryRoot, 'scripts/slurm/stop.sh'), [dir], env);
      await rm(dir, { recursive: true, force: true, maxRetries: 20 });
    },
  };
  await daemon(join(repositoryRoot, 'scripts/slurm/start.sh'), [dir, String(nodes)], env);
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

/** A workspace for runs on a cluster; `slurm`: lines of its configuration. */
export async function placeStudy(dir: string, study: string, ...slurm: readonly string[]): Promise<void> {
  await writeFile(join(dir, 'study.yaml'), study);
  const usual = ['slot: { gpus: 1, cpus: 1 }', 'limits: { pollSeconds: 1 }'];
  const lines = ['slurm:', ...[...usual, ...slurm].map((line) => `  ${line}`)];
  await writeFile(join(dir, 'sweetspot.config.yaml'), `${lines.join('\n')}\n`);
}

/** Kills a driver, and nothing of what it has submitted. */
export async function killDriver({ child, finished }: Started): Promise<Finished> {
  child.kill('SIGKILL');
  return finished;
}
