import { createLogUpdate } from 'log-update';
import type { RunEvent } from '../../engine/run/events.ts';
import { colours, fitting, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { formatDuration } from './duration.ts';
import { drainingText, eventLine, failureText } from './event-line.ts';
import type { Reporter } from './reporter.ts';
import { afterEvent, emptyView, settled } from './run-view.ts';
import type { RunningTask, RunView } from './run-view.ts';
import type { TimeLeft } from './time-left.ts';

const refreshMs = 120;
const mostRows = 12;
const mostWaitingRows = 3;

/** A live picture of the run at the foot of the terminal; failures and warnings scroll by above it. */
export function terminalReporter(options: { readonly io: Io; readonly timeLeft: TimeLeft }): Reporter {
  const { io, timeLeft } = options;
  const stream = io.err;
  const draw = createLogUpdate(stream, { showCursor: true });
  const startedMs = Date.now();
  let view = emptyView;
  let dirty = true;
  const timer = setInterval(() => {
    // The clock and the running times move even where no event came.
    if (dirty || view.running.size > 0) draw(picture(view));
    dirty = false;
  }, refreshMs);

  function picture(current: RunView): string {
    const text = renderView(current, {
      nowMs: Date.now(),
      startedMs,
      leftMs: timeLeft.estimateMs(),
      columns: stream.columns || 80,
    });
    return fitting(stream, io.env, text);
  }

  function sayAbove(line: string): void {
    draw.clear();
    tell(io, line);
    draw(picture(view));
  }

  return {
    onEvent(event: RunEvent): void {
      timeLeft.note(event);
      view = afterEvent(view, event);
      dirty = true;
      const line = scrolledLine(event);
      if (line !== undefined) sayAbove(line);
    },
    close(): void {
      clearInterval(timer);
      draw.clear();
      draw.done();
    },
  };
}

function scrolledLine(event: RunEvent): string | undefined {
  switch (event.kind) {
    case 'task-failed':
      return `${colours.red('✗')} ${colours.bold(event.task)} ${failureText(event.failure)}${event.willRetry ? colours.dim(' — trying again') : ''}`;
    case 'warning':
    case 'slot-quarantined':
      return `${colours.yellow('!')} ${eventLine(event) ?? ''}`;
    case 'draining':
      return colours.yellow(drainingText(event.reason));
    default:
      return undefined;
  }
}

/** The picture as text; pure, so that it can be tested and looked at. */
export function renderView(
  view: RunView,
  at: {
    readonly nowMs: number;
    readonly startedMs: number;
    readonly leftMs: number | undefined;
    readonly columns: number;
  },
): string {
  const finished = settled(view);
  const width = Math.max(10, Math.min(36, at.columns - 50));
  const filled = view.total === 0 ? 0 : Math.round((width * finished) / view.total);
  const cachedPart = view.total === 0 ? 0 : Math.round((width * view.cached) / view.total);
  const bar =
    colours.cyan('━'.repeat(Math.min(cachedPart, filled))) +
    colours.green('━'.repeat(Math.max(0, filled - cachedPart))) +
    colours.dim('─'.repeat(width - filled));
  const counts = [
    view.cached > 0 ? colours.cyan(`${view.cached} cached`) : '',
    view.done > 0 ? colours.green(`${view.done} run`) : '',
    view.failures.length > 0 ? colours.red(`${view.failures.length} failed`) : '',
    view.blocked > 0 ? colours.yellow(`${view.blocked} blocked`) : '',
  ].filter((text) => text !== '');
  const left = at.leftMs === undefined ? '' : `, about ${formatDuration(at.leftMs)} left`;
  const lines = [
    `${colours.bold(view.study)} ${bar} ${finished}/${view.total}  ${counts.join(colours.dim(' · '))}`,
    colours.dim(`${formatDuration(at.nowMs - at.startedMs)}${left}`),
  ];
  const running = [...view.running.values()].sort((a, b) => (a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : 0));
  for (const task of running.slice(0, mostRows)) lines.push(clip(runningRow(task, at.nowMs), at.columns));
  if (running.length > mostRows) lines.push(colours.dim(`  … and ${running.length - mostRows} more`));
  const waiting = [...view.waiting];
  for (const [task, owner] of waiting.slice(0, mostWaitingRows))
    lines.push(colours.dim(clip(`  waiting for ${task}, computed by ${owner}`, at.columns)));
  if (waiting.length > mostWaitingRows)
    lines.push(colours.dim(`  … and ${waiting.length - mostWaitingRows} more wait for other runs`));
  return lines.join('\n');
}

function runningRow(task: RunningTask, nowMs: number): string {
  const time = formatDuration(nowMs - task.startedMs).padStart(10);
  const p = task.progress;
  const progress =
    p === undefined ? '' : ` ${p.done}/${p.of} ${p.unit}${p.detail === undefined ? '' : ` · ${p.detail}`}`;
  return `  ${task.slot.padEnd(7)}${time}  ${task.task}${task.resumed ? ' (resumed)' : ''}${progress}`;
}

function clip(line: string, columns: number): string {
  return line.length < columns ? line : `${line.slice(0, Math.max(1, columns - 2))}…`;
}
