import { mkdirSync, writeFileSync } from 'node:fs';
import { inOut, numbers, type Contestant, type Tools } from './contestant.ts';
import { versions } from './install.ts';

export function ninja({ python }: Tools): Contestant {
  return {
    name: 'ninja',
    version: versions.python.ninja,
    note: 'looks at file times and commands',
    write: (project) => {
      mkdirSync(`${project.dir}/out`);
      const edges = numbers(project).map((n) => `build out/${n}.txt: noop\n  n = ${n}\n`);
      writeFileSync(`${project.dir}/build.ninja`, `rule noop\n  command = echo $n > $out\n${edges.join('')}`);
    },
    build: ({ dir, jobs }) => ({ argv: [`${python}/ninja`, `-j${jobs}`, '--quiet'], cwd: dir }),
    output: inOut,
  };
}
