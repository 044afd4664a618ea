import { readFile, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { PlannedTask } from '../../engine/plan/plan.ts';
import { readRunAbout, runNames } from '../../engine/run/journal.ts';
import { runFolder } from '../../engine/run/run-folder.ts';
import type { NamedTask } from './addresses.ts';

/** What can be said of a study on a command line. */
export interface StudyNames {
  readonly tasks: readonly NamedTask[];
  readonly params: readonly string[];
  readonly data: readonly string[];
}

const nothing: StudyNames = { tasks: [], params: [], data: [] };
/** How many runs back a plan of the study is looked for. */
const mostRuns = 30;

/**
 * Names in a study: from the newest run of it that has the same text, since a frozen plan is read in a tenth of the time
 * that planning takes; else by planning; else, where the study is being edited and does not hold together, from the
 * newest run of it.
 */
export async function namesOfStudy(request: {
  readonly file: string;
  readonly cwd: string;
  readonly runsDir: string;
  /** Plans the study; undefined where it cannot be planned. */
  readonly plan: (file: string) => Promise<StudyNames | undefined>;
}): Promise<StudyNames> {
  const { runsDir, plan } = request;
  const file = resolve(request.cwd, request.file);
  let newest: string | undefined;
  for (const run of (await runNames(runsDir)).slice(0, mostRuns)) {
    const about = await readRunAbout(runsDir, run);
    if (about?.file !== file) continue;
    newest ??= run;
    if (await isUnchanged(runsDir, run, file)) return namesOfRun(runsDir, run);
  }
  return (await plan(file)) ?? (newest === undefined ? nothing : await namesOfRun(runsDir, newest));
}

/** Names in the frozen plan of a run. */
export async function namesOfRun(runsDir: string, run: string): Promise<StudyNames> {
  try {
    const plan = JSON.parse(await readFile(runFolder(runsDir, run).planFile, 'utf8')) as {
      readonly tasks?: readonly PlannedTask[];
      readonly params?: object;
      readonly data?: readonly { readonly name: string }[];
    };
    return {
      tasks: plan.tasks ?? [],
      params: Object.keys(plan.params ?? {}),
      data: (plan.data ?? []).map(({ name }) => name),
    };
  } catch {
    return nothing;
  }
}

/** The study's own file is the first that was frozen; those that it uses are compared by the same name beside it. */
async function isUnchanged(runsDir: string, run: string, file: string): Promise<boolean> {
  try {
    const { studyDir } = runFolder(runsDir, run);
    const names = await readdir(studyDir);
    const first = names.find((name) => name.startsWith('0-'));
    // A study of several files is planned anew: where the others lie was not recorded.
    if (first === undefined || names.length > 1) return false;
    return (await readFile(join(studyDir, first), 'utf8')) === (await readFile(file, 'utf8'));
  } catch {
    return false;
  }
}
