import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { errorCode } from '../../cache/system-error.ts';
import { placeName } from '../../engine/run/compare-actions.ts';
import { DataLists } from '../../engine/run/data-lists.ts';
import { makeJob } from '../../engine/run/make-job.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import { fetchInputs } from '../../engine/worker/job-inputs.ts';
import type { FetchResult, FetchedInputs } from '../../engine/worker/job-inputs.ts';
import type { Job } from '../../engine/worker/protocol.ts';
import { commandEnvironment } from '../../tasks/command/environment.ts';
import { asCommandOptions } from '../../tasks/command/options.ts';
import { shellWord } from '../shell-word.ts';
import type { DebuggedTask } from './choose-task.ts';

const actionFile = 'action.json';

/** Makes the folder new. False where something lies there that no earlier `debug` has put there. */
export async function openDebugFolder(dir: string): Promise<boolean> {
  let before: readonly string[];
  try {
    before = await readdir(dir);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    before = [];
  }
  if (before.length > 0 && !before.includes(actionFile)) return false;
  await rm(dir, { recursive: true, force: true });
  await mkdir(dir, { recursive: true });
  return true;
}

/** Puts the action and every input in place, as files under names that people know. */
export async function layOut(
  debugged: DebuggedTask,
  dir: string,
): Promise<{ readonly job: Job; readonly inputs: FetchResult }> {
  const { plan, task, keyed, outputOf, store } = debugged;
  await writeFile(join(dir, actionFile), `${JSON.stringify(JSON.parse(keyed.keyed.text), null, 2)}\n`);
  const data = join(dir, 'data');
  await mkdir(data);
  const job = await makeJob(
    {
      plan,
      dataLists: new DataLists(data),
      folder: runFolder(dir, '.'),
      board: {
        task: (id) => {
          const found = plan.tasks.get(id);
          if (found === undefined) throw new Error(`the plan has no task ${id}`);
          return found;
        },
        outputOf,
      },
    },
    task,
    keyed,
    true,
  );
  const inputs = await fetchInputs(job, store, join(dir, 'artifacts'));
  if (inputs.kind === 'fetched') await linkByName(inputs, join(dir, 'inputs'));
  if (task.kind === 'command') await writeAgainScript(job, dir);
  return { job, inputs };
}

/** `inputs/NAME`, of gathered ones `inputs/NAME/pool=3`: links, since one artifact may be read under several names. */
async function linkByName(inputs: FetchedInputs, dir: string): Promise<void> {
  const place = async (target: string, ...path: readonly string[]): Promise<void> => {
    const link = join(dir, ...path);
    await mkdir(dirname(link), { recursive: true });
    await symlink(relative(dirname(link), target), link);
  };
  for (const [name, { dir: target }] of inputs.single) await place(target, name);
  for (const [name, items] of inputs.gathered) {
    for (const [index, { dir: target, coordinates }] of items.entries()) {
      const named = placeName(coordinates).replaceAll('/', '_');
      await place(target, name, `${index}${named === '' ? '' : ` ${named}`}`.slice(0, 200));
    }
  }
  for (const [name, { root }] of inputs.data) if (root !== undefined) await place(root, name);
}

/** What the program ran as: for a second try by hand, in the folder that the first left. */
async function writeAgainScript(job: Job, dir: string): Promise<void> {
  const { run, env } = asCommandOptions(job.options);
  const work = join(dir, 'scratch', 'work');
  const environment = commandEnvironment({
    path: process.env['PATH'],
    home: join(dir, 'scratch', 'home'),
    declared: env,
  });
  const assignments = Object.entries(environment).map(([name, value]) => shellWord(`${name}=${value}`));
  const lines = [
    '#!/bin/sh',
    `cd ${shellWord(work)} && exec env -i \\`,
    ...[...assignments, ...run.map(shellWord)].map(
      (word, i, all) => `  ${word}${i === all.length - 1 ? '' : ' \\'}`,
    ),
    '',
  ];
  await writeFile(join(dir, 'again.sh'), lines.join('\n'));
  await chmod(join(dir, 'again.sh'), 0o755);
}
