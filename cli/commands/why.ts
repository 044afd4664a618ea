import { matchTasks } from '../../engine/plan/address.ts';
import type { Difference, DifferingValue } from '../../engine/run/compare-actions.ts';
import { why } from '../../engine/run/why.ts';
import type { WhyAnswer } from '../../engine/run/why.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, columns, complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare } from '../prepare.ts';
import type { PlanFlags } from '../flags.ts';
import { plural } from '../progress/duration.ts';

const mostTasks = 20;

/** Says for each task that an address names how its key differs from the nearest earlier one. */
export async function whyCommand(request: {
  readonly file: string;
  readonly address: string;
  readonly flags: PlanFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, address, flags, io } = request;
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  const match = matchTasks(ready.plan, address);
  if (match.kind === 'unmatched') {
    complain(io, match.message, match.hint);
    return exitCode.usage;
  }
  const answers: WhyAnswer[] = [];
  for (const task of match.tasks.slice(0, mostTasks))
    answers.push(
      await why({ plan: ready.plan, registry: ready.registry, store: ready.store, task: task.id }),
    );
  if (flags.json === true) say(io, JSON.stringify(answers, null, 2));
  else {
    for (const [index, answer] of answers.entries()) {
      if (index > 0) say(io, '');
      sayAnswer(answer, io);
    }
    if (match.tasks.length > mostTasks)
      say(
        io,
        colours.dim(
          `… and ${plural(match.tasks.length - mostTasks, 'task')} more: name one with its coordinates`,
        ),
      );
  }
  return answers.some((answer) => answer.kind === 'unusable') ? exitCode.machine : exitCode.done;
}

function sayAnswer(answer: WhyAnswer, io: Io): void {
  if (answer.kind === 'unusable') {
    complain(io, answer.message, answer.hint);
    return;
  }
  const state = answer.cached
    ? colours.dim('cached')
    : answer.waitsFor === undefined
      ? colours.green('would run')
      : colours.yellow(`waits for ${answer.waitsFor}`);
  say(io, `${colours.bold(answer.task)}  ${state}`);
  if (answer.key !== undefined) say(io, colours.dim(`key ${answer.key}`));
  const { nearest } = answer;
  if (nearest === undefined) say(io, 'nothing of its kind has been computed here before');
  else if (nearest.differences.length === 0) say(io, 'nothing differs from what was computed before');
  else {
    say(
      io,
      `differs from what was computed ${nearest.startedAt} in ${plural(nearest.differences.length, 'field')}:`,
    );
    say(
      io,
      columns(nearest.differences.map((difference) => [`  ${difference.field}`, shownPair(difference)])),
    );
  }
}

/** Both values; two digests known by one name (the same output, made anew) are told apart by their first digits. */
export function shownPair({ before, after }: Pick<Difference, 'before' | 'after'>): string {
  const alike = before.name !== undefined && before.name === after.name;
  const mark = ({ value }: DifferingValue): string =>
    alike && typeof value === 'string' ? ` (${value.slice(0, 12)}…)` : '';
  return `${shown(before)}${mark(before)} -> ${shown(after)}${mark(after)}`;
}

/** A value as people know it: by name where it is a digest, with a word where it is only the default. */
function shown({ value, isDefault, name }: DifferingValue): string {
  if (name !== undefined) return name;
  const text = value === undefined ? '(none)' : typeof value === 'string' ? value : JSON.stringify(value);
  return isDefault ? `${text} (the default)` : text;
}
