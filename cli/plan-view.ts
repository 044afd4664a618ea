import type { Plan, PlannedTask } from '../engine/plan/plan.ts';
import type { TaskAssessment } from '../engine/run/assess-plan.ts';
import { colours } from './io.ts';
import { ago } from './moment.ts';
import type { PlanCounts } from './json-output.ts';
import { formatDuration, plural, roughDuration } from './progress/duration.ts';
import { countCell, table } from './table.ts';
import type { TableColumn } from './table.ts';

/** How many names of what was never measured are written out. */
const mostUnknown = 3;

const isoTime = /\d{4}-\d\d-\d\dT[\d:.]+Z/;

export interface PlanView {
  readonly plan: Plan;
  readonly tasks: readonly TaskAssessment[];
  readonly slots: readonly string[];
  /** Of a terminal; Infinity for a pipe, where nothing is cut off. */
  readonly width: number;
}

export function planTitle({ plan, tasks, slots }: PlanView): string {
  const smoke = plan.smoke ? ', smoke' : '';
  return `${colours.bold(plan.study)}  ${plural(tasks.length, 'task')}${smoke}, on ${slots.join(', ')}`;
}

const expected: TableColumn = { title: 'expected', align: 'right' };
const why: TableColumn = { title: 'why', paint: colours.dim };

export function rowPerTask({ plan, tasks, width }: PlanView): readonly string[] {
  const columns: readonly TableColumn[] = [
    { title: 'state', paint: paintState },
    { title: 'task' },
    { title: 'on' },
    expected,
    why,
  ];
  const rows = tasks.map((each) => [
    each.state,
    each.task,
    placeOf(plan.tasks.get(each.task)),
    each.state === 'cached' ? '' : each.estimateMs === undefined ? '?' : formatDuration(each.estimateMs),
    each.reason.replace(isoTime, (iso) => ago(iso)),
  ]);
  return table(columns, rows, { width, names: 1 });
}

/** As `rowPerTask`, a row for all instances of a name. */
export function countsPerTask(view: PlanView): readonly string[] {
  const columns: readonly TableColumn[] = [
    { title: 'task' },
    { title: 'cached', align: 'right', paint: colours.cyan },
    { title: 'run', align: 'right', paint: colours.green },
    { title: 'if-changed', align: 'right', paint: colours.yellow },
    { title: 'on' },
    expected,
    { ...why, title: 'why (the first)' },
  ];
  const rows = [...byName(view.tasks)].map(([name, of]) => {
    const open = of.filter(({ state }) => state !== 'cached');
    const counts = (['cached', 'run', 'if-changed'] as const).map((state) =>
      countCell(of.filter((each) => each.state === state).length),
    );
    const times = open.map(({ estimateMs }) => estimateMs);
    const ms = times.reduce(
      (sum, each) => (sum === undefined || each === undefined ? undefined : sum + each),
      0,
    );
    const time = open.length === 0 ? '' : ms === undefined ? '?' : formatDuration(ms);
    const place = placeOf(of[0] && view.plan.tasks.get(of[0].task));
    // Where it stands for all, coordinates would say too much.
    const reason = (open[0]?.reason ?? '').replace(/@[^\s,]+(,[^\s,]+)*/g, '');
    return [name, ...counts, place, time, reason];
  });
  return table(columns, rows, { width: view.width });
}

/** What there is to do, in how much time, and what is left out of it. */
export function planTotals({ plan, tasks, slots }: PlanView, counts: PlanCounts): readonly string[] {
  const { cached, run, ifChanged, workMs, leastMs } = counts;
  const told = [
    [run, 'run', colours.green],
    [ifChanged, 'if-changed', colours.yellow],
    [cached, 'cached', colours.cyan],
  ] as const;
  const words = told.filter(([count]) => count > 0).map(([count, word, paint]) => paint(`${count} ${word}`));
  const time =
    run + ifChanged === 0
      ? 'nothing to do'
      : workMs === undefined || leastMs === undefined
        ? `time expected ? (${unmeasured(tasks)})`
        : `about ${roughDuration(leastMs)} on ${plural(slots.length, 'slot')} (${roughDuration(workMs)} of work)`;
  const left = plan.leftOut.length;
  return [
    `${words.join(', ')}: ${time}`,
    ...(left > 0 ? [colours.dim(`${left} more left out by an \`if\`: sweetspot why names them`)] : []),
  ];
}

/** Whose like never ran here. */
function unmeasured(tasks: readonly TaskAssessment[]): string {
  const names = new Set(
    tasks.flatMap(({ task, state, estimateMs }) =>
      state === 'cached' || estimateMs !== undefined ? [] : [nameOf(task)],
    ),
  );
  const shown = [...names].slice(0, mostUnknown).join(', ');
  return `never ran here: ${shown}${names.size > mostUnknown ? `, and ${names.size - mostUnknown} more` : ''}`;
}

/** What a task takes of the machine while it runs. */
function placeOf(task: PlannedTask | undefined): string {
  const { slots = 0, gpu } = task?.resources ?? {};
  if (gpu !== undefined && gpu > 0) return gpu === 1 ? 'gpu' : `${gpu} gpus`;
  return slots === 0 ? 'light' : slots === 1 ? 'slot' : `${slots} slots`;
}

function paintState(state: string): string {
  const word = state.trim();
  return word === 'cached'
    ? colours.cyan(state)
    : word === 'run'
      ? colours.green(state)
      : colours.yellow(state);
}

function byName(tasks: readonly TaskAssessment[]): ReadonlyMap<string, readonly TaskAssessment[]> {
  const found = new Map<string, TaskAssessment[]>();
  for (const each of tasks) {
    const name = nameOf(each.task);
    const of = found.get(name);
    if (of === undefined) found.set(name, [each]);
    else of.push(each);
  }
  return found;
}

function nameOf(task: string): string {
  return task.split('@', 1)[0] ?? task;
}
