import { writeFileSync } from 'node:fs';
import type { Command } from '../measure/timed-run.ts';
import { installPython, versions } from './install.ts';

const generic = '1.0.9';
export const snakemakeSlurm: string = `Snakemake ${versions.python.snakemake}, cluster-generic ${generic}`;

/**
 * Snakemake with its plug-in for any cluster: one `sbatch` a job, and files that its jobs leave tell that they have ended.
 * (Its plug-in for Slurm itself did not run on the cluster of this bench.)
 */
export function snakemakeOnSlurm(dir: string, tasks: number, home: string): Command {
  const bin = installPython('snakemake-slurm', [
    `snakemake==${versions.python.snakemake}`,
    `snakemake-executor-plugin-cluster-generic==${generic}`,
  ]);
  const lines = [
    'rule all:',
    `    input: expand("out/{n}.txt", n=range(${tasks}))`,
    'rule noop:',
    '    output: "out/{n}.txt"',
    '    shell: "echo {wildcards.n} > {output}"',
  ];
  writeFileSync(`${dir}/Snakefile`, `${lines.join('\n')}\n`);
  const submit = 'sbatch --parsable --partition=urgent --output=/dev/null';
  return {
    argv: [
      ...[`${bin}/snakemake`, '--executor', 'cluster-generic', '--cluster-generic-submit-cmd', submit],
      ...['--jobs', '1000', '--max-jobs-per-second', '1000', '--latency-wait', '30', '--quiet', 'all'],
    ],
    cwd: dir,
    env: { HOME: home },
  };
}
