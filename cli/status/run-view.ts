import type { Origin } from '../../cache/origin.ts';
import type { Store } from '../../cache/store.ts';
import { tasksToSettle, thawPlan } from '../../engine/plan/thaw-plan.ts';
import type { Plan, PlannedTask } from '../../engine/plan/plan.ts';
import { changedSources } from '../../engine/run/changed-sources.ts';
import type { ChangedSource } from '../../engine/run/changed-sources.ts';
import type { RecordedTask } from '../../engine/run/recorded-tasks.ts';
import { expectedDurations } from '../progress/expected-durations.ts';
import { RunProgress } from '../progress/run-progress.ts';
import { TimeLeft } from '../progress/time-left.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { runState } from '../run-state.ts';
import type { RunState } from '../run-state.ts';
import { cutOffTasks } from './cut-off.ts';
import type { CutOff } from './cut-off.ts';

/** A run, live or past, as somebody at another terminal wants to see it. */
export interface RunView {
  readonly run: RecordedRun;
  readonly state: RunState;
  /** Undefined where its driver died before it had frozen a plan. */
  readonly planned: PlannedView | undefined;
  /** Those that the run was to settle, in plan order. */
  readonly tasks: readonly RecordedTask[];
  /** Of those whose result was computed elsewhere, from where it came. */
  readonly origins: ReadonlyMap<string, Origin>;
  readonly changed: readonly ChangedSource[];
  /** What a driver that is gone had running. */
  readonly cutOff: readonly CutOff[];
}

export interface PlannedView {
  readonly plan: Plan;
  readonly tasks: readonly PlannedTask[];
  readonly progress: RunProgress;
  readonly timeLeft: TimeLeft;
}

export async function viewRun(store: Store, run: RecordedRun): Promise<RunView> {
  const state = runState(run.record);
  const planned = thawView(run);
  if (planned !== undefined) {
    if (state === 'running')
      planned.timeLeft.expect(
        await expectedDurations({ store, ...planned, deviceClass: '', except: run.record.run }),
      );
    for (const event of run.events) {
      planned.progress.note(event);
      planned.timeLeft.note(event);
    }
  }
  const tasks = planned?.tasks.flatMap(({ id }) => run.tasks.get(id) ?? []) ?? [...run.tasks.values()];
  const changed = await changedSources(run.record);
  const cutOff = state === 'killed' ? await cutOffTasks(store, tasks) : [];
  const origins = new Map<string, Origin>();
  for (const { task, state: how, key } of tasks) {
    const origin = how === 'cached' && key !== undefined ? store.originOf?.(key) : undefined;
    if (origin !== undefined) origins.set(task, origin);
  }
  return { run, state, planned, tasks, origins, changed, cutOff };
}

/** The run's plan, with nothing of the run told of it yet. */
export function thawView({ frozen }: Pick<RecordedRun, 'frozen'>): PlannedView | undefined {
  const plan = thawPlan(frozen);
  if (plan === undefined) return undefined;
  const tasks = tasksToSettle(plan, frozen);
  const progress = new RunProgress(tasks, plan.graph);
  return { plan, tasks, progress, timeLeft: new TimeLeft(tasks, plan.graph) };
}
