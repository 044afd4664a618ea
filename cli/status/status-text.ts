import { colours } from '../io.ts';
import type { Io } from '../io.ts';
import { ago, localTime } from '../moment.ts';
import { originFields, originText } from '../origin-text.ts';
import { formatDuration, plural, wholeSeconds } from '../progress/duration.ts';
import { drainingText, eventLine, failureText, lastWords, slotsText } from '../progress/event-line.ts';
import { barOf, countsLine, nowRows } from '../progress/picture.ts';
import type { RunProgress } from '../progress/run-progress.ts';
import { leftText } from '../progress/time-left.ts';
import { runStateText } from '../state-text.ts';
import { clipped, tame } from '../text-width.ts';
import { shownPath } from '../workspace.ts';
import type { CutOff } from './cut-off.ts';
import type { PlannedView, RunView } from './run-view.ts';
import { standingsTable } from './standings-table.ts';

export interface StatusTextOptions {
  readonly io: Pick<Io, 'cwd'>;
  readonly nowMs: number;
  /** Of a terminal; Infinity for a pipe. */
  readonly width: number;
  /** Ends of command lines that lead on: `--run RUN --cache DIR`, as far as they are needed. */
  readonly options: string;
  /** Failures have been told already. */
  readonly brief?: boolean;
}

/** More failures, and more warnings, than this are counted. */
const mostFailures = 20;
const mostWarnings = 5;
const longestBar = 60;

/** How a run stands: how far it is, what is in the way, what runs where, what waits for what, and how to go on. */
export function statusLines(view: RunView, options: StatusTextOptions): readonly string[] {
  const sections = [
    headLines(view, options),
    noteLines(view, options),
    view.planned === undefined ? [] : standLines(view, view.planned, options),
    options.brief === true ? [] : failureLines(view),
    blockedLines(view),
    cutOffLines(view.cutOff),
    nextLines(view, options),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .flatMap((lines, i) => (i === 0 ? lines : ['', ...lines]));
}

function headLines(view: RunView, { io, nowMs, width }: StatusTextOptions): string[] {
  const { record, events } = view.run;
  const begun = events.find((event) => event.kind === 'run-started');
  const slots = begun?.kind === 'run-started' ? `, ${slotsText(begun.slots)}` : '';
  const smoke = view.planned?.plan.smoke === true ? ', smoke' : '';
  const about = `${shownPath(record.file, io.cwd)}, begun ${localTime(record.startedAt)}${slots}`;
  return [
    `${colours.bold(record.study)}${smoke}  ${record.run}  ${stateText(view, nowMs)}`,
    colours.dim(clipped(about, width)),
  ];
}

function stateText({ run, state, planned }: RunView, nowMs: number): string {
  const { record } = run;
  const word = runStateText(state);
  switch (state) {
    case 'running': {
      const left = leftText(planned?.timeLeft.estimate(nowMs));
      return `${word} for ${wholeSeconds(nowMs - Date.parse(record.startedAt))}${left === '' ? '' : `, ${left}`}`;
    }
    case 'queued':
      return `${word}, since ${ago(record.lastAt ?? record.startedAt, nowMs)}`;
    case 'killed':
    case 'unknown':
      return `${word}, last heard of ${ago(record.lastAt ?? record.startedAt, nowMs)}`;
    case 'done':
    case 'failed':
    case 'machine':
    case 'interrupted': {
      const shown = state === 'machine' ? `${word} in the way` : word;
      return record.end === undefined
        ? shown
        : `${shown} after ${formatDuration(record.end.durationMs)}, ${ago(record.end.at, nowMs)}`;
    }
  }
}

/** What one has to know to read the rest right. */
function noteLines(view: RunView, { io }: StatusTextOptions): string[] {
  const { events } = view.run;
  const notes: string[] = [];
  notes.push(...driverNotes(view, io));
  const draining = events.findLast((event) => event.kind === 'draining');
  if (view.state === 'running' && draining?.kind === 'draining') notes.push(drainingText(draining.reason));
  for (const { file, now } of view.changed) {
    const since = now === 'gone' ? 'is no longer there' : 'has changed since this run began';
    notes.push(`${shownPath(file, io.cwd)} ${since}; what is told here is of the study as it was`);
  }
  const warnings = events.filter(({ kind }) => kind === 'warning' || kind === 'slot-quarantined');
  for (const warning of warnings.slice(-mostWarnings)) notes.push(tame(eventLine(warning) ?? ''));
  if (warnings.length > mostWarnings)
    notes.push(
      `${plural(warnings.length - mostWarnings, 'earlier warning')}: sweetspot status --json has them`,
    );
  return notes.map((note) => `${colours.yellow('!')} ${note}`);
}

/** How it is with whoever drives the run. */
function driverNotes({ run, state }: RunView, io: Pick<Io, 'cwd'>): readonly string[] {
  const { driver, resumedBy } = run.record;
  const { pid, host, job } = driver;
  if (resumedBy !== undefined)
    return [`the job of its driver was begun anew, and goes on as run ${resumedBy}`];
  const wrote = job === undefined ? '' : `; what it wrote: ${shownPath(run.driverOutput, io.cwd)}`;
  switch (state) {
    case 'queued':
      return [
        `its driver is job ${job?.id ?? ''}, which waits in the queue: squeue --jobs ${job?.id ?? ''} says why`,
      ];
    case 'killed':
      return job === undefined
        ? [
            `its driver (process ${pid} on ${host}) is gone and wrote no end: it was killed, or ${host} went down`,
          ]
        : [`its driver, job ${job.id}, has ended and wrote no end of the run${wrote}`];
    case 'unknown':
      return [
        job === undefined
          ? `its driver is process ${pid} on ${host}; whether that lives cannot be told from here: run sweetspot status there`
          : `its driver is job ${job.id} of the cluster '${job.cluster}', whose queue does not answer here`,
      ];
    default:
      return [];
  }
}

/** Counts, what runs where, and how the instances of each name stand. */
function standLines(view: RunView, planned: PlannedView, options: StatusTextOptions): string[] {
  const { progress, timeLeft } = planned;
  const { nowMs, width } = options;
  const isLive = view.state === 'running' || view.state === 'unknown';
  const eachMs = (name: string): number | undefined => timeLeft.eachMs(name);
  const counts = isLive ? [howFar(progress, width), countsLine(progress, width)] : [];
  const now = isLive ? nowRows(progress, { nowMs, eachMs, columns: width }, width) : [];
  return [
    ...counts,
    ...(now.length > 0 ? ['', ...now] : []),
    ...(isLive ? [''] : []),
    ...standingsTable(progress, { isLive, width }),
    ...originLines(view),
  ];
}

/** How many of what is cached others have computed. */
function originLines({ origins }: RunView): string[] {
  const counts = new Map<string, number>();
  for (const origin of origins.values()) {
    const from = originText(originFields(origin)) ?? '';
    counts.set(from, (counts.get(from) ?? 0) + 1);
  }
  return [...counts].map(([from, count]) => colours.dim(`${plural(count, 'cached result')} from ${from}`));
}

function howFar(progress: RunProgress, width: number): string {
  const text = `${progress.settled} of ${progress.total}`;
  const room = Math.min(longestBar, width - text.length - 2);
  return width === Infinity || room < 1 ? text : `${barOf(progress, room)}  ${text}`;
}

/** Attempts that failed: for good, with the end of what the task wrote; and those that are tried again. */
function failureLines({ tasks, state }: RunView): string[] {
  const failed = tasks.filter((task) => task.state === 'failed' && task.failure !== undefined);
  const lines = failed.slice(0, mostFailures).flatMap(({ task, failure, attempt }) => {
    if (failure === undefined) return [];
    const after = attempt > 1 ? colours.dim(` (attempt ${attempt})`) : '';
    return [
      `${colours.red('✗')} ${colours.bold(task)}  ${tame(failureText(failure))}${after}`,
      ...lastWords(failure).map((words) => colours.dim(`    ${words}`)),
    ];
  });
  if (failed.length > mostFailures)
    lines.push(colours.dim(`  … and ${failed.length - mostFailures} more that failed`));
  if (state !== 'running') return lines;
  const again = tasks.filter(
    (task) => task.failure !== undefined && (task.state === 'pending' || task.state === 'running'),
  );
  for (const { task, failure } of again.slice(0, mostFailures))
    if (failure !== undefined)
      lines.push(`${colours.yellow('!')} ${task} is tried again after: ${tame(failureText(failure))}`);
  return lines;
}

/** What cannot run, by the task that is in its way. */
function blockedLines({ tasks }: RunView): string[] {
  const byBlocker = new Map<string, Map<string, number>>();
  for (const { name, state, blockedBy } of tasks) {
    if (state !== 'blocked' || blockedBy === undefined) continue;
    const names = byBlocker.get(blockedBy) ?? new Map<string, number>();
    byBlocker.set(blockedBy, names.set(name, (names.get(name) ?? 0) + 1));
  }
  const lines = [...byBlocker].map(([by, names]) => {
    const total = [...names.values()].reduce((sum, count) => sum + count, 0);
    const which = [...names].map(([name, count]) => (count === 1 ? name : `${name} ${count}`)).join(', ');
    return `${colours.yellow('blocked')} by ${by}: ${plural(total, 'task')} (${which})`;
  });
  const shown = lines.slice(0, mostFailures);
  return lines.length > shown.length
    ? [...shown, colours.dim(`  … and by ${lines.length - shown.length} more`)]
    : shown;
}

function cutOffLines(cutOff: readonly CutOff[]): string[] {
  return cutOff.map((each) => {
    switch (each.kind) {
      case 'computed':
        return `  ${each.task} is still computed by ${each.job === undefined ? `process ${each.pid}` : `job ${each.job}`} on ${each.host}, which keeps its result`;
      case 'finished':
        return `  ${each.task} was finished by its worker after all; its result is kept`;
      case 'open':
        return `  ${each.task} was cut off`;
    }
  });
}

/** Commands that lead on from here. */
function nextLines({ tasks, state, run }: RunView, { options, io }: StatusTextOptions): string[] {
  const failed = tasks.filter((task) => task.state === 'failed');
  const [first] = failed;
  const again = `sweetspot run ${shownPath(run.record.file, io.cwd)}`;
  const lines: string[] = [];
  if (first !== undefined) {
    lines.push(`what a task said: sweetspot log ${first.task}${options}`);
    if (failed.length > mostFailures)
      lines.push(
        `all that failed: sweetspot ls${options === '' ? ' --run last' : options} --state failed --all`,
      );
  }
  switch (state) {
    case 'queued':
    case 'running':
      lines.push(`to follow it: sweetspot status --watch${options.replace(/ --run (\S+)/, ' $1')}`);
      if (run.record.driver.job !== undefined)
        lines.push(`to stop it: scancel ${run.record.driver.job.id} (what runs is finished and kept)`);
      break;
    case 'killed':
    case 'interrupted':
      lines.push(`to go on: ${again}, with the options it had (what is done is kept)`);
      break;
    case 'failed':
      lines.push(`to go on: mend it, then ${again} (what is done is kept)`);
      break;
    case 'machine':
      lines.push(`to go on: once the machine is right, ${again}; sweetspot doctor looks at it`);
      break;
    case 'done':
    case 'unknown':
  }
  return lines.map((line) => colours.dim(line));
}
