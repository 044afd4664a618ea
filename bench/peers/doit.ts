import { mkdirSync, writeFileSync } from 'node:fs';
import { inOut, type Contestant, type Tools } from './contestant.ts';
import { versions } from './install.ts';

export function doit({ python }: Tools): Contestant {
  return {
    name: 'doit',
    version: versions.python.doit,
    note: 'one task at a time, since its own parallel runs were slower here; looks at file times and commands',
    write: ({ dir, tasks }) => {
      mkdirSync(`${dir}/out`);
      writeFileSync(
        `${dir}/dodo.py`,
        [
          'from doit.tools import config_changed',
          '',
          'DOIT_CONFIG = {"verbosity": 0, "reporter": "zero"}',
          '',
          '',
          'def task_noop():',
          `    for n in range(${tasks}):`,
          '        command = f"echo {n} > out/{n}.txt"',
          '        yield {',
          '            "name": str(n),',
          '            "actions": [command],',
          '            "targets": [f"out/{n}.txt"],',
          '            "uptodate": [config_changed(command)],',
          '        }',
          '',
        ].join('\n'),
      );
    },
    build: ({ dir }) => ({ argv: [`${python}/doit`, 'run'], cwd: dir }),
    output: inOut,
  };
}
