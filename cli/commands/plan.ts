import { withProducers } from '../../engine/plan/graph.ts';
import { assessPlan } from '../../engine/run/assess-plan.ts';
import type { PlanAssessment } from '../../engine/run/assess-plan.ts';
import { choosePlanned } from '../choose-planned.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { sayDocument } from '../say-json.ts';
import { planDocument, timeExpected } from '../plan-document.ts';
import { countsPerTask, planTitle, planTotals, rowPerTask } from '../plan-view.ts';
import type { PlanView } from '../plan-view.ts';
import { prepare } from '../prepare.ts';
import type { PlanFlags } from '../flags.ts';
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
  const only = choosePlanned({ plan: ready.plan, only: flags.only ?? [], io });
  if (only === 'unmatched') return exitCode.usage;
  if (flags.graph !== undefined) {
    const wanted = withProducers(ready.plan, only ?? ready.plan.tasks.keys());
    const drawn = [...ready.plan.tasks.values()].filter(({ id }) => wanted.has(id));
    const { drawGraph } = await import('../draw-graph.ts');
    say(io, drawGraph(drawn, flags.graph));
    return exitCode.done;
  }
  const slots = await chooseSlots(flags.slots, io);
  if (slots.kind === 'exit') return slots.code;
  const assessment = await assessPlan({
    plan: ready.plan,
    registry: ready.registry,
    store: ready.store,
    deviceClass: slots.slots[0]?.deviceClass ?? '',
    ...(only === undefined ? {} : { only }),
  });
  const tasks = [...assessment.tasks.values()];
  if (flags.json === true) {
    const slotNames = slots.slots.map((slot) => slot.name);
    sayDocument(io, planDocument({ plan: ready.plan, assessment, slotNames }));
  } else {
    const byName = tasks.length > mostRows && flags.all !== true;
    const view: PlanView = {
      plan: ready.plan,
      tasks,
      slots: slots.slots.map(({ name }) => name),
      width: io.out.isTTY ? Math.max(40, io.out.columns - 1) : Infinity,
    };
    const counts = timeExpected(ready.plan, tasks, slots.slots.length);
    const lines = [
      planTitle(view),
      '',
      ...(byName ? countsPerTask(view) : rowPerTask(view)),
      '',
      ...planTotals(view, counts),
      ...(byName ? [colours.dim('--all lists every instance, --only ADDRESS some')] : []),
      ...(counts.run + counts.ifChanged > 0
        ? [colours.dim(`why one of them runs: sweetspot why ${file} ADDRESS`)]
        : []),
    ];
    say(io, lines.join('\n'));
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
