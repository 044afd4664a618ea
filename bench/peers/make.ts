import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { inOut, numbers, type Contestant } from './contestant.ts';

/** The one that this machine has: Debian's `make`. */
export function make(): Contestant {
  const told = spawnSync('make', ['--version'], { encoding: 'utf8' }).stdout;
  return {
    name: 'make',
    version: /\d+(\.\d+)+/.exec(told)?.[0] ?? 'unknown',
    note: 'looks at file times; does not notice a changed command',
    write: (project) => {
      mkdirSync(`${project.dir}/out`);
      const all = numbers(project);
      const rules = all.map((n) => `out/${n}.txt:\n\techo ${n} > $@\n`);
      writeFileSync(
        `${project.dir}/Makefile`,
        `all: ${all.map((n) => `out/${n}.txt`).join(' ')}\n.PHONY: all\n${rules.join('')}`,
      );
    },
    build: ({ dir, jobs }) => ({ argv: ['make', `-j${jobs}`, '--silent'], cwd: dir }),
    output: inOut,
  };
}
