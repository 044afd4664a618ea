import { assessPlan } from '../../engine/run/assess-plan.ts';
import type { PlanAssessment } from '../../engine/run/assess-plan.ts';
import { choosePlanned } from '../choose-planned.ts';
import { drawGraph } from '../draw-graph.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { sayDocument } from '../say-json.ts';
import { planDocument, timeExpected } from '../plan-document.ts';
import { countsPerTask, planTitle, planTotals, rowPerTask } from '../plan-view.ts';
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
  if (flags.json === true) {
    const slotNames = slots.slots.map((slot) => slot.name);
    sayDocument(io, planDocument({ plan: ready.plan, assessment, slotNames }));
  } else {
    const { plan } = ready;
    const byName = tasks.length > mostRows && flags.all !== true;
    const width = io.out.isTTY ? Math.max(40, io.out.columns - 1) : undefined;
    say(io, planTitle(plan, tasks.length));
    say(io, '');
    say(io, byName ? countsPerTask(tasks, width) : rowPerTask(tasks, width));
    say(io, '');
    say(io, planTotals(timeExpected(plan, tasks, slots.slots.length), slots.slots.length));
    if (byName) say(io, colours.dim('--all lists every instance, --only ADDRESS some'));
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
