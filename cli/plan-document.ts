import { criticalPathLengths } from '../engine/plan/graph.ts';
import type { Plan } from '../engine/plan/plan.ts';
import type { PlanAssessment, TaskAssessment } from '../engine/run/assess-plan.ts';
import { jsonFormat } from './json-format.ts';
import type { PlanCounts, PlanDocument } from './json-output.ts';

/** What is left to do, in counts and in time. */
export function timeExpected(plan: Plan, tasks: readonly TaskAssessment[], slots: number): PlanCounts {
  const counts = { cached: 0, run: 0, ifChanged: 0 };
  const open = new Map<string, number | undefined>();
  for (const { task, state, estimateMs } of tasks) {
    counts[state === 'if-changed' ? 'ifChanged' : state] += 1;
    if (state !== 'cached') open.set(task, estimateMs);
  }
  let workMs = 0;
  for (const estimateMs of open.values()) {
    if (estimateMs === undefined) return counts;
    workMs += estimateMs;
  }
  let longestMs = 0;
  for (const ms of criticalPathLengths(plan, ({ id }) => open.get(id) ?? 0).values())
    longestMs = Math.max(longestMs, ms);
  return { ...counts, workMs, leastMs: Math.max(longestMs, workMs / slots) };
}

/** What `plan --json` prints. */
export function planDocument(request: {
  readonly plan: Plan;
  readonly assessment: PlanAssessment;
  readonly slotNames: readonly string[];
}): PlanDocument {
  const { plan, assessment, slotNames } = request;
  const tasks = [...assessment.tasks.values()];
  return {
    format: jsonFormat,
    study: plan.study,
    file: plan.file,
    smoke: plan.smoke,
    slots: slotNames,
    counts: timeExpected(plan, tasks, slotNames.length),
    tasks: tasks.map(({ task, state, reason, key, outputs, estimateMs }) => ({
      task,
      state,
      reason,
      ...(key === undefined ? {} : { key }),
      ...(outputs === undefined ? {} : { outputs }),
      ...(estimateMs === undefined ? {} : { estimateMs }),
    })),
    problems: assessment.problems,
  };
}
