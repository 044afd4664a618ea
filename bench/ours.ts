import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from './measure/timed-run.ts';
import type { Contestant, Project } from './peers/contestant.ts';
import { flatStudy } from './studies.ts';

const dist = resolve(import.meta.dirname, '../dist');
const main = `${dist}/cli/main.js`;

/** The command as it is built in `dist`. Its version is a digest of the code: figures of another build do not count. */
export function ours(): Contestant {
  if (!existsSync(main)) throw new Error('build first: npm run build');
  return {
    name: 'sweetspot',
    version: builtCode(),
    write: ({ dir, tasks }) => writeFileSync(`${dir}/study.yaml`, flatStudy(tasks)),
    build: (project) => sweetspot(project.dir, ['run', 'study.yaml']),
    restore: (project) => sweetspot(project.dir, ['run', 'study.yaml']),
    output: ({ dir }, n) => `${dir}/out/noop@n=${n}.txt`,
    objection: notAllCached,
  };
}

/** A command of ours on the study in a folder, with its store beside it. */
export function sweetspot(dir: string, args: readonly string[]): Command {
  const [command = '', ...rest] = args;
  const out = command === 'run' ? ['--out', 'out'] : [];
  return { argv: [process.execPath, main, command, ...rest, '--cache', 'store', ...out], cwd: dir };
}

/** What the latest run says of itself, asked in the way that everybody can. */
function notAllCached({ dir, tasks }: Project): string | undefined {
  const { argv, cwd } = sweetspot(dir, ['status', '--json']);
  const { stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), {
    cwd,
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
  });
  const { tasks: found } = JSON.parse(stdout || '{}') as { tasks?: readonly { readonly state: string }[] };
  if (found === undefined) return `status --json does not list the tasks: ${stderr}`;
  const cached = found.filter(({ state }) => state === 'cached').length;
  return cached === tasks ? undefined : `${cached} of ${tasks} tasks were cached`;
}

function builtCode(): string {
  const hash = createHash('sha256');
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.js'),
  );
  for (const file of files.toSorted()) hash.update(file).update(readFileSync(`${dist}/${file}`));
  return hash.digest('hex').slice(0, 12);
}
