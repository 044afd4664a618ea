import { chooseRun } from '../choose-recorded.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, columns, say } from '../io.ts';
import type { Io } from '../io.ts';
import type { StoreFlags } from '../flags.ts';
import { formatDuration } from '../progress/duration.ts';
import { failureText } from '../progress/event-line.ts';
import type { RecordedRun } from '../recorded-run.ts';
import { changedSources } from '../../engine/run/changed-sources.ts';
import type { RecordedTask } from '../../engine/run/recorded-tasks.ts';
import { runState } from '../run-state.ts';
import { shownPath } from '../workspace.ts';

const states = ['done', 'cached', 'running', 'waiting', 'pending', 'failed', 'blocked'] as const;

/** How a run stands, or how it ended: counts a task name, then what failed and why. */
export async function statusCommand(request: {
  readonly run: string | undefined;
  readonly flags: StoreFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { io, flags } = request;
  const chosen = await chooseRun({ run: request.run, flags, io });
  if (chosen.kind === 'exit') return chosen.code;
  const { run } = chosen;
  const changed = await changedSources(run.record);
  if (flags.json === true) {
    const state = runState(run.record);
    say(io, JSON.stringify({ ...run.record, state, changed, tasks: [...run.tasks.values()] }, null, 2));
    return exitCode.done;
  }
  say(io, `${colours.bold(run.record.study)}  ${run.record.run}  ${runState(run.record)}`);
  say(io, colours.dim(`started ${run.record.startedAt}, ${run.record.file}`));
  for (const { file, now } of changed) {
    const since = now === 'gone' ? 'is no longer there' : 'has changed since this run began';
    say(
      io,
      `${colours.yellow('!')} ${shownPath(file, io.cwd)} ${since}; what is told here is of the study as it was`,
    );
  }
  say(io, '');
  say(io, columns([['task', ...states], ...countRows(run)]));
  const failed = [...run.tasks.values()].filter((task) => task.state === 'failed');
  if (failed.length > 0) say(io, '');
  for (const task of failed)
    say(
      io,
      `${colours.red('✗')} ${task.task}  ${task.failure === undefined ? '' : failureText(task.failure)}`,
    );
  const running = [...run.tasks.values()].filter((task) => task.state === 'running');
  if (run.record.live) for (const task of running) say(io, `  running ${task.task}${sinceText(run, task)}`);
  return exitCode.done;
}

function countRows(run: RecordedRun): readonly (readonly string[])[] {
  const byName = new Map<string, Map<string, number>>();
  for (const task of run.tasks.values()) {
    const { name } = task;
    const counts = byName.get(name) ?? new Map<string, number>();
    counts.set(task.state, (counts.get(task.state) ?? 0) + 1);
    byName.set(name, counts);
  }
  return [...byName].map(([name, counts]) => [
    name,
    ...states.map((state) => String(counts.get(state) ?? '·')),
  ]);
}

function sinceText(run: RecordedRun, task: RecordedTask): string {
  const started = run.events.findLast((event) => event.kind === 'task-started' && event.task === task.task);
  const progress = run.events.findLast((event) => event.kind === 'task-progress' && event.task === task.task);
  const since = started === undefined ? '' : ` for ${formatDuration(Date.now() - Date.parse(started.at))}`;
  return progress?.kind === 'task-progress'
    ? `${since}, ${progress.progress.done}/${progress.progress.of} ${progress.progress.unit}`
    : since;
}
