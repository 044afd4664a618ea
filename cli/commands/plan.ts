import { assessPlan } from '../../engine/run/assess-plan.ts';
import type { PlanAssessment, TaskAssessment } from '../../engine/run/assess-plan.ts';
import { choosePlanned } from '../choose-planned.ts';
import { drawGraph } from '../draw-graph.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare } from '../prepare.ts';
import type { PlanFlags } from '../flags.ts';
import { formatDuration, plural } from '../progress/duration.ts';
import { chooseSlots } from '../slots.ts';

/** Above this many instances, counts per task are shown in place of rows. */
const mostRows = 200;

/** Says what a run would do: what is cached, what would run and why, and how long that should take. */
export async function planCommand(request: {
  readonly file: string;
  readonly flags: PlanFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  if (flags.graph !== undefined) {
    say(io, drawGraph(ready.plan, flags.graph));
    return exitCode.done;
  }
  const slots = await chooseSlots(flags.slots);
  if (slots.kind === 'invalid') {
    complain(io, `--slots: ${slots.message}`);
    return exitCode.usage;
  }
  const only = choosePlanned({ plan: ready.plan, only: flags.only ?? [], io });
  if (only === 'unmatched') return exitCode.usage;
  const assessment = await assessPlan({
    plan: ready.plan,
    registry: ready.registry,
    store: ready.store,
    deviceClass: slots.slots[0]?.deviceClass ?? '',
    ...(only === undefined ? {} : { only }),
  });
  const tasks = [...assessment.tasks.values()];
  if (flags.json === true)
    say(io, JSON.stringify({ study: ready.plan.study, tasks, problems: assessment.problems }, null, 2));
  else {
    const title = `${colours.bold(ready.plan.study)}  ${plural(tasks.length, 'task')}, ${plural(ready.plan.graph.size, 'edge')}${ready.plan.smoke ? ', smoke' : ''}`;
    say(io, title);
    say(io, '');
    say(io, tasks.length > mostRows && flags.all !== true ? countsPerTask(tasks) : rowPerTask(tasks));
    say(io, '');
    say(io, totals(tasks, slots.slots.length));
  }
  return sayProblems(assessment, io);
}

function sayProblems(assessment: PlanAssessment, io: Io): ExitCode {
  const said = new Set<string>();
  for (const problem of assessment.problems) {
    if (said.has(problem.message)) continue;
    said.add(problem.message);
    complain(io, `${problem.task}: ${problem.message}`, problem.hint);
  }
  return said.size === 0 ? exitCode.done : exitCode.machine;
}

function rowPerTask(tasks: readonly TaskAssessment[]): string {
  const rows = tasks.map((task) => [task.state, task.task, estimate(task), task.reason]);
  return paint(columns([['state', 'task', 'expected', 'why'], ...rows]));
}

function countsPerTask(tasks: readonly TaskAssessment[]): string {
  const byName = new Map<
    string,
    { cached: number; run: number; ifChanged: number; ms: number | undefined; reason: string }
  >();
  for (const task of tasks) {
    const name = task.task.split('@')[0] ?? task.task;
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
  return columns([['task', 'cached', 'run', 'if-changed', 'expected', 'why (the first)'], ...rows]);
}

function estimate(task: TaskAssessment): string {
  if (task.state === 'cached') return '';
  return task.estimateMs === undefined ? '?' : formatDuration(task.estimateMs);
}

function totals(tasks: readonly TaskAssessment[], slots: number): string {
  const open = tasks.filter((task) => task.state !== 'cached');
  const counts = (['cached', 'run', 'if-changed'] as const)
    .map((state) => `${tasks.filter((task) => task.state === state).length} ${state}`)
    .join(', ');
  if (open.length === 0) return `${counts}: nothing to do`;
  const known = open.every((task) => task.estimateMs !== undefined);
  const work = open.reduce((sum, task) => sum + (task.estimateMs ?? 0), 0);
  return known
    ? `${counts}: about ${formatDuration(work)} of work, on ${plural(slots, 'slot')} at least ${formatDuration(work / slots)}`
    : `${counts}: time expected ? (some kinds have never run here)`;
}

function paint(table: string): string {
  return table
    .replace(/^cached .*$/gm, (line) => colours.dim(line))
    .replace(/^run /gm, colours.green('run '));
}
