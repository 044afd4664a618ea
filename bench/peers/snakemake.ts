import { writeFileSync } from 'node:fs';
import { inOut, type Contestant, type Tools } from './contestant.ts';
import { versions } from './install.ts';

export function snakemake({ python, home }: Tools): Contestant {
  return {
    name: 'Snakemake',
    version: versions.python.snakemake,
    note: 'looks at file times, commands and inputs',
    write: ({ dir, tasks }) => {
      writeFileSync(
        `${dir}/Snakefile`,
        [
          'rule all:',
          '    input:',
          `        expand("out/{n}.txt", n=range(${tasks})),`,
          '',
          'rule noop:',
          '    output:',
          '        "out/{n}.txt",',
          '    shell:',
          '        "echo {wildcards.n} > {output}"',
          '',
        ].join('\n'),
      );
    },
    build: ({ dir, jobs }) => ({
      argv: [`${python}/snakemake`, '--cores', String(jobs), '--quiet', 'all'],
      cwd: dir,
      env: { HOME: home, XDG_CACHE_HOME: `${home}/cache` },
    }),
    output: inOut,
  };
}
