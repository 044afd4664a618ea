import type { Plan } from '../engine/plan/plan.ts';
import type { TaskAssessment } from '../engine/run/assess-plan.ts';
import { colours, columns } from './io.ts';
import type { PlanCounts } from './json-output.ts';
import { formatDuration, plural, roughDuration } from './progress/duration.ts';
import { clipped } from './text-width.ts';

export function planTitle(plan: Plan, tasks: number): string {
  return `${colours.bold(plan.study)}  ${plural(tasks, 'task')}${plan.smoke ? ', smoke' : ''}`;
}

/** @param width of a terminal; undefined for a pipe, where nothing is cut off */
export function rowPerTask(tasks: readonly TaskAssessment[], width: number | undefined): string {
  const rows = tasks.map((task) => [task.state, task.task, estimate(task), task.reason]);
  return painted(columns([['state', 'task', 'expected', 'why'], ...rows]), width, (line) =>
    line.startsWith('cached ')
      ? colours.dim(line)
      : line.startsWith('run ')
        ? `${colours.green('run')}${line.slice(3)}`
        : line,
  );
}

/** As `rowPerTask`, a row for all instances of a name. */
export function countsPerTask(tasks: readonly TaskAssessment[], width: number | undefined): string {
  const byName = new Map<
    string,
    { cached: number; run: number; ifChanged: number; ms: number | undefined; reason: string }
  >();
  for (const task of tasks) {
    const name = task.task.split('@', 1)[0] ?? task.task;
    const counts = byName.get(name) ?? { cached: 0, run: 0, ifChanged: 0, ms: 0, reason: '' };
    if (task.state === 'cached') counts.cached += 1;
    else {
      if (task.state === 'run') counts.run += 1;
      else counts.ifChanged += 1;
      counts.ms =
        counts.ms === undefined || task.estimateMs === undefined ? undefined : counts.ms + task.estimateMs;
      counts.reason ||= task.reason;
    }
    byName.set(name, counts);
  }
  const rows = [...byName].map(([name, counts]) => [
    name,
    String(counts.cached),
    String(counts.run),
    String(counts.ifChanged),
    counts.run + counts.ifChanged === 0 ? '' : counts.ms === undefined ? '?' : formatDuration(counts.ms),
    counts.reason,
  ]);
  const head = ['task', 'cached', 'run', 'if-changed', 'expected', 'why (the first)'];
  return painted(columns([head, ...rows]), width, String);
}

export function planTotals(counts: PlanCounts, slots: number): string {
  const { cached, run, ifChanged, workMs, leastMs } = counts;
  const told = `${cached} cached, ${run} run, ${ifChanged} if-changed`;
  if (run + ifChanged === 0) return `${told}: nothing to do`;
  if (workMs === undefined || leastMs === undefined)
    return `${told}: time expected ? (some kinds of task have never run here)`;
  return `${told}: about ${roughDuration(leastMs)} on ${plural(slots, 'slot')} (${roughDuration(workMs)} of work)`;
}

function estimate(task: TaskAssessment): string {
  if (task.state === 'cached') return '';
  return task.estimateMs === undefined ? '?' : formatDuration(task.estimateMs);
}

function painted(table: string, width: number | undefined, paint: (line: string) => string): string {
  return table
    .split('\n')
    .map((line) => paint(width === undefined ? line : clipped(line, width)))
    .join('\n');
}
