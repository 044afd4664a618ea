import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { countCalls } from './measure/counted-calls.ts';
import { describeMachine } from './measure/machine.ts';
import { timedRun } from './measure/timed-run.ts';
import type { Command, Cost } from './measure/timed-run.ts';
import { sweetspot } from './ours.ts';
import { snakemakeOnSlurm, snakemakeSlurm } from './peers/snakemake-slurm.ts';
import { chainStudy, flatStudy } from './studies.ts';

/**
 * What a study of tasks that do nothing costs on a real Slurm, and how often its controller is troubled, beside Snakemake on
 * the same cluster. Use: npm run bench:slurm [-- --tasks 1000 --peer-tasks 100 --chain 20 --nodes 4]     as root
 */
const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '1000' },
    'peer-tasks': { type: 'string', default: '100' },
    chain: { type: 'string', default: '20' },
    nodes: { type: 'string', default: '4' },
  },
});
const tasks = Number(values.tasks);
const fewer = Number(values['peer-tasks']);
const chained = Number(values.chain);
const pollSeconds = 10;
const largestArray = 1001;
const limitMs = 3_600_000;

const scripts = join(import.meta.dirname, '../scripts/slurm');
const scratch = mkdtempSync('/tmp/sweetspot-bench-slurm-');
const cluster = `${scratch}/cluster`;
// Its daemons keep what they are given open: no pipe.
execFileSync(`${scripts}/start.sh`, [cluster, values.nodes], { stdio: ['ignore', 'ignore', 'inherit'] });
try {
  const calls = countCalls(`${scratch}/programs`, [
    'sbatch',
    'squeue',
    'sacct',
    'scontrol',
    'sinfo',
    'scancel',
  ]);
  const env = { SLURM_CONF: `${cluster}/slurm.conf`, PATH: `${calls.dir}:${process.env['PATH'] ?? ''}` };
  console.log(`${describeMachine(scratch)}, ${values.nodes} nodes of Slurm\n`);
  console.log('| what | seconds | ms a task | CPU of the driver, s | jobs | sbatch | squeue | others |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |');

  const measure = (what: string, count: number, command: Command): Cost => {
    const before = jobsSoFar();
    const cost = timedRun({ ...command, env: { ...command.env, ...env } }, limitMs);
    if (cost.kind !== 'ran') throw new Error(cost.kind === 'failed' ? cost.message : `${what}: too slow`);
    const { sbatch = 0, squeue = 0, ...others } = calls.take();
    const rest = Object.values(others).reduce((sum, each) => sum + each, 0);
    const figures = [cost.wallMs / 1000, cost.wallMs / count, cost.cpuMs / 1000].map((each) =>
      each.toFixed(1),
    );
    console.log(`| ${[what, ...figures, jobsSoFar() - before, sbatch, squeue, rest].join(' | ')} |`);
    if (what.startsWith('ours')) promised({ what, count, sbatch, squeue, wallMs: cost.wallMs });
    return cost;
  };

  const dir = `${scratch}/ours`;
  mkdirSync(dir);
  const configure = (more = ''): void => {
    const settings = `partition: urgent, slot: { gpus: 0, cpus: 1 }, limits: { pollSeconds: ${pollSeconds} }`;
    writeFileSync(`${dir}/sweetspot.config.yaml`, `slurm: { ${settings}${more} }\n`);
  };
  configure();
  const ours = (what: string, count: number, command: string): Cost => {
    writeFileSync(`${dir}/study.yaml`, flatStudy(count, `${command} \${{ matrix.n }} > out.txt`));
    return measure(what, count, sweetspot(dir, ['run', 'study.yaml', '--executor', 'slurm']));
  };
  const own = ours(`ours, ${fewer} never measured: a job each`, fewer, 'echo');
  ours(`ours, ${tasks} of a kind that was measured`, tasks, "printf '%s\\n'");

  const row = (what: string, word: string): Cost => {
    writeFileSync(`${dir}/study.yaml`, chainStudy(chained, word));
    return measure(what, chained, sweetspot(dir, ['run', 'study.yaml', '--executor', 'slurm']));
  };
  const together = row(`a chain of ${chained}, short, in jobs that go on with what follows`, 'together');
  configure(', pack: { minutes: 0 }');
  const apart = row(`the same chain, a job each`, 'apart');
  console.log(`\na chain beside one of single jobs: ratio ${(together.wallMs / apart.wallMs).toFixed(2)}\n`);

  const peer = `${scratch}/snakemake`;
  mkdirSync(`${peer}/home`, { recursive: true });
  const theirs = measure(`${snakemakeSlurm}, ${fewer}`, fewer, snakemakeOnSlurm(peer, fewer, `${peer}/home`));
  console.log(`\n${fewer} jobs beside Snakemake's: ratio ${(own.wallMs / theirs.wallMs).toFixed(2)}`);
} finally {
  execFileSync(`${scripts}/stop.sh`, [cluster], { stdio: ['ignore', 'ignore', 'inherit'] });
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
}

/** Elements of arrays each by itself. */
function jobsSoFar(): number {
  const args = ['--noheader', '--array', '--states=all', '--format=%i'];
  const env = { ...process.env, SLURM_CONF: `${cluster}/slurm.conf` };
  return execFileSync('squeue', args, { env, encoding: 'utf8' }).split('\n').length - 1;
}

/** A wave is at most ceil(N / largest array) submissions; the queue is asked once an interval, as the run begins and as it ends. */
function promised(run: {
  readonly what: string;
  readonly count: number;
  readonly sbatch: number;
  readonly squeue: number;
  readonly wallMs: number;
}): void {
  const submissions = Math.ceil(run.count / largestArray);
  const questions = Math.ceil(run.wallMs / (pollSeconds * 1000)) + 2;
  const keeps = run.sbatch <= submissions && run.squeue <= questions;
  if (!keeps) process.exitCode = 1;
  console.error(
    `${run.what}: at most ${submissions} sbatch, ${questions} squeue: ${keeps ? 'kept' : 'BROKEN'}`,
  );
}
