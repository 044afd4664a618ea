import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { inOut, numbers, type Contestant, type Tools } from './contestant.ts';
import { versions } from './install.ts';

export function dvc({ python, home }: Tools): Contestant {
  const env = {
    HOME: home,
    DVC_NO_ANALYTICS: '1',
    DVC_GLOBAL_CONFIG_DIR: `${home}/dvc`,
    DVC_SYSTEM_CONFIG_DIR: `${home}/dvc`,
    DVC_SITE_CACHE_DIR: `${home}/dvc`,
  };
  return {
    name: 'DVC',
    version: versions.python.dvc,
    note: 'one task at a time: it has no parallel runs',
    write: (project) => {
      const { dir } = project;
      mkdirSync(`${dir}/out`);
      const stages = numbers(project).map((n) => [
        `  t${n}:`,
        `    cmd: echo ${n} > out/${n}.txt`,
        `    outs: [out/${n}.txt]`,
      ]);
      writeFileSync(`${dir}/dvc.yaml`, `stages:\n${stages.flat().join('\n')}\n`);
      const made = spawnSync(`${python}/dvc`, ['init', '--no-scm', '--quiet'], {
        cwd: dir,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      });
      if (made.status !== 0) throw new Error(`dvc init: ${made.stderr}`);
    },
    build: ({ dir }) => ({ argv: [`${python}/dvc`, 'repro', '--quiet'], cwd: dir, env }),
    restore: ({ dir }) => ({ argv: [`${python}/dvc`, 'checkout', '--quiet'], cwd: dir, env }),
    output: inOut,
  };
}
