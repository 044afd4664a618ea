import { mkdirSync, writeFileSync } from 'node:fs';
import type { Command } from '../measure/timed-run.ts';
import { inOut, numbers, type Contestant, type Project, type Tools } from './contestant.ts';
import { versions } from './install.ts';

export function wireit({ node, home }: Tools): Contestant {
  const build = ({ dir, jobs }: Project): Command => ({
    argv: ['npm', 'run', '--silent', 'all'],
    cwd: dir,
    env: {
      HOME: home,
      PATH: `${node}:${process.env['PATH'] ?? ''}`,
      WIREIT_PARALLEL: String(jobs),
      WIREIT_LOGGER: 'quiet',
      npm_config_update_notifier: 'false',
    },
  });
  return {
    name: 'wireit',
    version: versions.node.wireit,
    note: 'time includes `npm run`',
    write: (project) => {
      mkdirSync(`${project.dir}/out`);
      const all = numbers(project);
      const each = all.map(
        (n) =>
          [`t${n}`, { command: `echo ${n} > out/${n}.txt`, files: [], output: [`out/${n}.txt`] }] as const,
      );
      const wireit = { all: { dependencies: all.map((n) => `t${n}`) }, ...Object.fromEntries(each) };
      const scripts = Object.fromEntries(Object.keys(wireit).map((name) => [name, 'wireit']));
      writeFileSync(`${project.dir}/package.json`, JSON.stringify({ private: true, scripts, wireit }));
      // Without a lock file to look for, each task looks through all folders above.
      writeFileSync(`${project.dir}/package-lock.json`, '{}');
    },
    build,
    restore: build,
    output: inOut,
  };
}
