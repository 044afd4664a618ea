import { systemClock } from '../../cache/clock.ts';
import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Plan, TaskId } from '../plan/plan.ts';
import type { Outputs, RunEvent } from './events.ts';
import { eachRun, readRun, runNames } from './journal.ts';
import { beginJournal } from './journal-writer.ts';
import type { StudySource } from './journal-writer.ts';
import { foldTasks, plannedNames } from './recorded-tasks.ts';
import { runFolder } from './run-folder.ts';
import { newRunId } from './run-id.ts';

export interface ImportedTask {
  readonly task: TaskId;
  readonly key: TaskKey;
  readonly outputs: Outputs;
}

/**
 * Records results that came from elsewhere as a run in which all of them were cached: so they have addresses here, and
 * garbage collection keeps them as it keeps the latest runs'. Answers the run's name: that of the study's newest run, where it
 * holds the same already. Throws system errors.
 */
export async function recordImported(request: {
  readonly store: Store;
  readonly plan: Plan;
  readonly sources: readonly StudySource[];
  readonly tasks: readonly ImportedTask[];
  readonly member?: string | undefined;
}): Promise<string> {
  const { store, plan, sources, tasks, member } = request;
  const standing = await runWithAll(store, plan.study, tasks);
  if (standing !== undefined) return standing;
  const now = new Date(systemClock.wallMs());
  const at = now.toISOString();
  const run = newRunId(now, (await runNames(store.runsDir))[0]);
  const journal = await beginJournal({
    ...{ folder: runFolder(store.runsDir, run), run, plan, sharing: store.sharing, member, sources },
    ...{ startedAt: at, imported: true },
    only: tasks.length === plan.tasks.size ? undefined : tasks.map(({ task }) => task),
  });
  const events: readonly RunEvent[] = [
    { kind: 'run-started', at, run, study: plan.study, tasks: tasks.length, slots: [] },
    ...tasks.map((task): RunEvent => ({ kind: 'task-cached', at, ...task })),
    {
      ...{ kind: 'run-finished', at, outcome: 'done', durationMs: 0 },
      counts: { cached: tasks.length, done: 0, failed: 0, blocked: 0, notRun: 0 },
    },
  ];
  for (const event of events) journal.append(event);
  await journal.close();
  return run;
}

/** The newest run of a study, if it had each of these results. */
async function runWithAll(
  { runsDir }: Store,
  study: string,
  tasks: readonly ImportedTask[],
): Promise<string | undefined> {
  for await (const record of eachRun(runsDir)) {
    if (record.study !== study) continue;
    const reading = await readRun(runsDir, record.run);
    if (reading === undefined) return undefined;
    const known = foldTasks(plannedNames(reading.plan), reading.events);
    const hasAll = tasks.every(({ task, key }) => {
      const { key: had, state } = known.get(task) ?? {};
      return had === key && (state === 'cached' || state === 'done');
    });
    return hasAll ? record.run : undefined;
  }
  return undefined;
}
