import type { Store } from '../../cache/store.ts';
import { thawPlan } from '../../engine/plan/thaw-plan.ts';
import type { Plan } from '../../engine/plan/plan.ts';
import { readRunSources } from '../../engine/run/run-sources.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { shownPath } from '../workspace.ts';
import type { Workspace } from '../workspace.ts';
import { studyCommand } from './study-command.ts';

/** What makes a plan again and runs it, for people who type it in `cwd`. */
export function commandIn(
  cwd: string,
  study: {
    readonly plan: Plan;
    readonly sources: ReadonlyMap<string, string>;
    readonly workspace: Workspace;
  },
): string {
  const { plan, sources, workspace } = study;
  return studyCommand({
    ...{ plan, text: sources.get(plan.file), configuredRoots: workspace.configuredRoots },
    typed: (path) => shownPath(path, cwd),
  });
}

/** The same of a recorded run; undefined where it never had a plan. */
export async function recordedCommand(request: {
  readonly store: Store;
  readonly run: Pick<RecordedRun, 'record' | 'frozen'>;
  readonly workspace: Workspace;
  readonly cwd: string;
}): Promise<string | undefined> {
  const { store, run, workspace, cwd } = request;
  const plan = thawPlan(run.frozen);
  if (plan === undefined) return undefined;
  return commandIn(cwd, { plan, workspace, sources: await readRunSources(store.runsDir, run.record) });
}
