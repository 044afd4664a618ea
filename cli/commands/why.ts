import { matchAddress, matchTasks } from '../../engine/plan/address.ts';
import type { LeftOut, Plan, TaskId } from '../../engine/plan/plan.ts';
import { explain } from '../../engine/run/why.ts';
import { groupCauses } from '../../engine/run/group-causes.ts';
import type { TaskWhy } from '../../engine/run/task-why.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare } from '../prepare.ts';
import type { PlanFlags } from '../flags.ts';
import { sayDocument } from '../say-json.ts';
import { whyDocument } from '../why-document.ts';
import { groupLines, taskLines } from '../why-text.ts';
import { shownPath } from '../workspace.ts';

/** Up to as many tasks are each shown in full; more are grouped by what made them so. */
const mostInFull = 3;
/** How many that an `if` leaves out are named. */
const mostLeftOut = 20;

/** Says for each task that an address names what the next run does with it, and why. */
export async function whyCommand(request: {
  readonly file: string;
  readonly address: string | undefined;
  readonly flags: PlanFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, address, flags, io } = request;
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  const chosen = chooseTasks(ready.plan, address);
  if (chosen.kind === 'unmatched') {
    complain(io, chosen.message, chosen.hint);
    return exitCode.usage;
  }
  const { plan, registry, store } = ready;
  const answers = await explain({ plan, registry, store, tasks: chosen.tasks });
  if (flags.json === true) sayDocument(io, whyDocument(plan, answers, chosen.leftOut));
  else sayAnswers(answers, chosen.leftOut, io);
  return answers.some(({ standing }) => standing.state === 'unusable') ? exitCode.machine : exitCode.done;
}

type ChosenTasks =
  | { readonly kind: 'chosen'; readonly tasks: readonly TaskId[]; readonly leftOut: readonly LeftOut[] }
  | { readonly kind: 'unmatched'; readonly message: string; readonly hint?: string };

/** Tasks of the plan and of what an `if` keeps out of it. */
function chooseTasks(plan: Plan, address: string | undefined): ChosenTasks {
  if (address === undefined) return { kind: 'chosen', tasks: [...plan.tasks.keys()], leftOut: plan.leftOut };
  const planned = matchTasks(plan, address);
  const leftOut = matchAddress(plan.leftOut, address);
  const tasks = planned.kind === 'matched' ? planned.tasks.map(({ id }) => id) : [];
  if (leftOut.kind === 'matched') return { kind: 'chosen', tasks, leftOut: leftOut.tasks };
  return planned.kind === 'matched' ? { kind: 'chosen', tasks, leftOut: [] } : planned;
}

function sayAnswers(answers: readonly TaskWhy[], leftOut: readonly LeftOut[], io: Io): void {
  const width = io.out.isTTY ? io.out.columns : Infinity;
  const blocks =
    answers.length <= mostInFull
      ? answers.map((answer) => taskLines(answer, width))
      : groupCauses(answers).map((group) => groupLines(group, width));
  for (const { id, condition, place } of leftOut.slice(0, mostLeftOut)) {
    const where = `${shownPath(place.file, io.cwd)}:${place.line}`;
    blocks.push([
      `${colours.bold(id)}  ${colours.dim('left out')}`,
      `  its \`if: ${condition}\` is false there (${where}).`,
    ]);
  }
  if (leftOut.length > mostLeftOut)
    blocks.push([colours.dim(`… and ${leftOut.length - mostLeftOut} more are left out by their \`if\``)]);
  if (answers.length > mostInFull)
    blocks.push([colours.dim('for every field of one task: sweetspot why STUDY ADDRESS')]);
  say(io, blocks.map((lines) => lines.join('\n')).join('\n\n'));
}
