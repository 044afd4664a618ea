import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Command } from '../measure/timed-run.ts';
import { inOut, numbers, type Contestant, type Project, type Tools } from './contestant.ts';
import { versions } from './install.ts';

export function nx({ node, home }: Tools): Contestant {
  const build = ({ dir, jobs }: Project): Command => ({
    argv: [`${node}/nx`, 'run', 'bench:all', `--parallel=${jobs}`, '--outputStyle=static'],
    cwd: dir,
    env: { HOME: home, CI: 'true', NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' },
  });
  return {
    name: 'Nx',
    version: versions.node.nx,
    note: 'without its daemon',
    write: (project) => {
      mkdirSync(`${project.dir}/out`);
      // It insists on being installed in the workspace.
      symlinkSync(dirname(node), `${project.dir}/node_modules`);
      const targets = Object.fromEntries(
        numbers(project).map((n) => [
          `t${n}`,
          {
            cache: true,
            inputs: [],
            outputs: [`{workspaceRoot}/out/${n}.txt`],
            executor: 'nx:run-commands',
            options: { command: `echo ${n} > out/${n}.txt` },
          },
        ]),
      );
      const all = { executor: 'nx:noop', dependsOn: Object.keys(targets) };
      writeFileSync(
        `${project.dir}/nx.json`,
        JSON.stringify({ analytics: false, neverConnectToCloud: true }),
      );
      writeFileSync(`${project.dir}/package.json`, JSON.stringify({ name: 'bench', private: true }));
      writeFileSync(
        `${project.dir}/project.json`,
        JSON.stringify({ name: 'bench', targets: { ...targets, all } }),
      );
    },
    build,
    restore: build,
    output: inOut,
  };
}
