import type { TaskId } from '../../engine/plan/plan.ts';
import type { RecordedTask } from '../../engine/run/recorded-tasks.ts';
import { driverProcess } from '../driver-process.ts';
import { jsonFormat } from '../json-format.ts';
import { originFields } from '../origin-text.ts';
import type { StatusDocument, StatusTask } from '../json-output.ts';
import type { RunView } from './run-view.ts';

/** What `status --json` prints. */
export function statusDocument(view: RunView, nowMs: number): StatusDocument {
  const { run, state, planned, tasks, origins, changed, cutOff } = view;
  const { record, events } = run;
  const { outcome, end, lastAt } = record;
  const begun = events.find((event) => event.kind === 'run-started');
  const draining = events.findLast((event) => event.kind === 'draining');
  const left = state === 'running' ? planned?.timeLeft.estimate(nowMs) : undefined;
  return {
    format: jsonFormat,
    kind: 'status',
    ...{ run: record.run, study: record.study, file: record.file, startedAt: record.startedAt, state },
    driver: driverProcess(record.driver),
    ...(record.resumedBy === undefined ? {} : { resumedBy: record.resumedBy }),
    ...(lastAt === undefined ? {} : { lastAt }),
    slots: begun?.kind === 'run-started' ? begun.slots : [],
    ...(draining?.kind === 'draining' ? { draining: draining.reason } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(end === undefined ? {} : { end }),
    ...(left === undefined ? {} : { left: { expectedMs: left.ms, isLeast: left.isLeast } }),
    changed,
    cutOff,
    warnings: events.filter((event) => event.kind === 'warning').map(({ message }) => message),
    tasks: tasks.map((task) => {
      return { ...statusTask(task, waitsFor(view, task)), ...originFields(origins.get(task.task)) };
    }),
  };
}

function statusTask(task: RecordedTask, waits: readonly string[]): StatusTask {
  const { key, outputs, durationMs, failure, attempt, startedAt, slot, pid, progress, owner, blockedBy } =
    task;
  return {
    task: task.task,
    state: task.state,
    ...(key === undefined ? {} : { key }),
    ...(Object.keys(outputs).length === 0 ? {} : { outputs }),
    ...(attempt === 0 ? {} : { attempt }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(slot === undefined ? {} : { slot }),
    ...(pid === undefined ? {} : { pid }),
    ...(task.job === undefined ? {} : { job: task.job }),
    ...(task.resumed ? { resumed: true } : {}),
    ...(progress === undefined ? {} : { progress }),
    ...(failure === undefined ? {} : { failure }),
    ...(owner === undefined || task.state !== 'waiting' ? {} : { owner }),
    ...(blockedBy === undefined ? {} : { blockedBy }),
    ...(waits.length === 0 ? {} : { waitsFor: waits }),
  };
}

/** Tasks right before it that have no result yet. */
function waitsFor({ planned, run }: RunView, { task, state }: RecordedTask): readonly string[] {
  if (state !== 'pending' || planned === undefined) return [];
  return planned.plan.graph.producersOf(task as TaskId).filter((id) => {
    const before = run.tasks.get(id)?.state;
    return before !== 'done' && before !== 'cached';
  });
}
