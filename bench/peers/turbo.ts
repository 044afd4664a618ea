import { mkdirSync, writeFileSync } from 'node:fs';
import type { Command } from '../measure/timed-run.ts';
import { numbers, type Contestant, type Project, type Tools } from './contestant.ts';
import { versions } from './install.ts';

/** Its tasks are scripts of packages: a package each. */
export function turbo({ node, home }: Tools): Contestant {
  const build = ({ dir, jobs }: Project): Command => ({
    argv: [
      `${node}/turbo`,
      'run',
      'build',
      '--no-daemon',
      `--concurrency=${jobs}`,
      '--output-logs=errors-only',
    ],
    cwd: dir,
    env: { HOME: home, TURBO_TELEMETRY_DISABLED: '1', npm_config_update_notifier: 'false' },
  });
  return {
    name: 'Turbo',
    version: versions.node.turbo,
    note: 'each task is an `npm run` in a package of its own; restores without verifying',
    write: (project) => {
      const { dir } = project;
      const workspace = {
        name: 'bench',
        private: true,
        packageManager: 'npm@10.0.0',
        workspaces: ['packages/*'],
      };
      const packages: Record<string, object> = { '': workspace };
      for (const n of numbers(project)) {
        const scripts = { build: `mkdir -p out && echo ${n} > out/${n}.txt` };
        const manifest = { name: `p${n}`, version: '0.0.0', private: true, scripts };
        mkdirSync(`${dir}/packages/p${n}`, { recursive: true });
        writeFileSync(`${dir}/packages/p${n}/package.json`, JSON.stringify(manifest));
        packages[`packages/p${n}`] = { name: `p${n}`, version: '0.0.0' };
        packages[`node_modules/p${n}`] = { resolved: `packages/p${n}`, link: true };
      }
      writeFileSync(`${dir}/package.json`, JSON.stringify(workspace));
      const lock = { name: 'bench', lockfileVersion: 3, requires: true, packages };
      writeFileSync(`${dir}/package-lock.json`, JSON.stringify(lock));
      // Else what a task has written would count as its input.
      const tasks = { build: { inputs: ['package.json'], outputs: ['out/**'] } };
      writeFileSync(`${dir}/turbo.json`, JSON.stringify({ tasks }));
    },
    build,
    restore: build,
    output: ({ dir }, n) => `${dir}/packages/p${n}/out/${n}.txt`,
  };
}
