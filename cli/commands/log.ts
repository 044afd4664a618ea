import type { RecordedTask } from '../../engine/run/recorded-tasks.ts';
import { attemptsOf, readTaskLog } from '../../engine/run/task-log.ts';
import type { RecordedAttempt } from '../../engine/run/task-log.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import type { Chosen } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { LogFlags } from '../flags.ts';
import { followLog } from '../follow-log.ts';
import { colours, columns, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { moment } from '../moment.ts';
import { page } from '../pager.ts';
import { plural } from '../progress/duration.ts';
import { failureText } from '../progress/event-line.ts';

/** The logs of more tasks than this are not printed one after the other unless asked for. */
const mostAtOnce = 20;

/** What a task said: in this run where it ran here, else when its result was computed. */
export async function logCommand(request: {
  readonly address: string;
  readonly flags: LogFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { address, flags, io } = request;
  const attempt = flags.attempt === undefined ? undefined : Number(flags.attempt);
  if (attempt !== undefined && !(Number.isInteger(attempt) && attempt > 0)) {
    complain(io, `--attempt: '${flags.attempt ?? ''}' is not the number of one`, 'the first is --attempt 1');
    return exitCode.usage;
  }
  const chosen = await chooseRecorded(request);
  if (chosen.kind === 'exit') return chosen.code;
  const [first, ...others] = chosen.tasks;
  if (first !== undefined && others.length === 0) {
    if (flags.follow === true && isOpen(chosen, first)) return follow(chosen, first, io);
    return showOne({ chosen, task: first, attempt, flags, io });
  }
  const single = flags.follow === true ? '--follow' : attempt === undefined ? undefined : '--attempt';
  if (single !== undefined || (chosen.tasks.length > mostAtOnce && flags.all !== true)) {
    const why = single === undefined ? '' : `, and ${single} takes one`;
    complain(
      io,
      `'${address}' names ${plural(chosen.tasks.length, 'task')}${why}`,
      single === undefined ? 'say which, or --all for every log' : 'say which',
    );
    say(io, choices(chosen.tasks, single === '--follow'));
    return exitCode.usage;
  }
  return showAll(chosen, address, io);
}

async function showOne(request: {
  readonly chosen: Chosen;
  readonly task: RecordedTask;
  readonly attempt: number | undefined;
  readonly flags: LogFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { chosen, task, attempt, io } = request;
  const { run, store } = chosen;
  const attempts = attemptsOf(run.events, task.task);
  const asked =
    attempt === undefined ? attempts.at(-1) : attempts.findLast((each) => each.attempt === attempt);
  if (attempt !== undefined && asked === undefined) {
    const there = attempts.map((each) => each.attempt).join(', ');
    complain(
      io,
      `run ${run.record.run} has no attempt ${attempt} at ${task.task}`,
      there === '' ? `${stateText(task)}; --run names another run` : `there is ${there}`,
    );
    return exitCode.usage;
  }
  const log = await readTaskLog({ store, run: run.record.run, task, attempt: asked });
  if (attempts.length > 1 && attempt === undefined && asked !== undefined)
    tell(io, colours.dim(`attempt ${asked.attempt}; those before: --attempt ${attemptRange(attempts)}`));
  if (asked?.end?.kind === 'failed')
    tell(io, colours.dim(`attempt ${asked.attempt} failed: ${failureText(asked.end.failure)}`));
  if (log === undefined) {
    complain(io, `${task.task} said nothing: ${stateText(task)}`, hintFor(task));
    return exitCode.usage;
  }
  if (log.kind === 'of-result') tell(io, colours.dim(`as its result was computed, ${moment(log.startedAt)}`));
  if (request.flags.pager === false) io.out.write(log.text);
  else await page(io, log.text);
  return exitCode.done;
}

async function showAll(chosen: Chosen, address: string, io: Io): Promise<ExitCode> {
  const texts: string[] = [];
  for (const task of chosen.tasks) {
    const attempt = attemptsOf(chosen.run.events, task.task).at(-1);
    const log = await readTaskLog({ store: chosen.store, run: chosen.run.record.run, task, attempt });
    if (log !== undefined) texts.push(`${colours.bold(`== ${task.task}`)}\n${log.text}`);
  }
  if (texts.length === 0) {
    complain(
      io,
      `nothing was logged for '${address}'`,
      'tasks may say nothing, or not have run: sweetspot status',
    );
    return exitCode.usage;
  }
  await page(io, texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('\n'));
  return exitCode.done;
}

async function follow({ store, run }: Chosen, { task }: RecordedTask, io: Io): Promise<ExitCode> {
  const followed = await followLog({
    store,
    run: run.record.run,
    task,
    write: (text) => void io.out.write(text),
    onAttempt: ({ attempt }) => tell(io, colours.dim(`attempt ${attempt}`)),
  });
  if (followed.kind === 'run-over') {
    tell(io, colours.dim(`run ${run.record.run} ended before ${task} did`));
    return exitCode.taskFailed;
  }
  const end = followed.attempt?.end;
  if (end?.kind !== 'failed') return exitCode.done;
  tell(io, colours.dim(`failed: ${failureText(end.failure)}`));
  return exitCode.taskFailed;
}

/** Whether more may come to be said of it. */
function isOpen({ run }: Chosen, task: RecordedTask): boolean {
  return run.record.live && ['running', 'pending', 'waiting'].includes(task.state);
}

function choices(tasks: readonly RecordedTask[], runningFirst: boolean): string {
  const order = runningFirst
    ? tasks.toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running'))
    : tasks;
  const rows = order.slice(0, mostAtOnce).map((task) => [`  ${task.task}`, task.state]);
  const more = order.length > mostAtOnce ? `\n  … and ${order.length - mostAtOnce} more` : '';
  return columns(rows) + more;
}

function attemptRange(attempts: readonly RecordedAttempt[]): string {
  const before = attempts.slice(0, -1).map(({ attempt }) => attempt);
  return before.length <= 3 ? before.join(', ') : `${before[0] ?? 1} to ${before.at(-1) ?? 1}`;
}

/** How a task stands, for whoever misses its log. */
function stateText(task: RecordedTask): string {
  switch (task.state) {
    case 'cached':
      return 'it was found cached, and said nothing when it was computed';
    case 'done':
      return 'it ran to its end';
    case 'failed':
      return task.failure === undefined ? 'it failed' : `it failed (${failureText(task.failure)})`;
    case 'blocked':
      return `it is blocked by ${task.blockedBy ?? 'a failure'}, and did not run`;
    case 'running':
      return 'it is running';
    case 'waiting':
      return `another run computes it${task.owner === undefined ? '' : ` (${task.owner})`}`;
    case 'pending':
      return 'it has not run yet';
  }
}

function hintFor(task: RecordedTask): string | undefined {
  switch (task.state) {
    case 'blocked':
      return `sweetspot log ${task.blockedBy ?? 'ADDRESS'}`;
    case 'running':
    case 'pending':
      return '--follow waits for what it says';
    case 'waiting':
      return 'sweetspot status shows the other run';
    case 'cached':
    case 'done':
    case 'failed':
      return undefined;
  }
}
