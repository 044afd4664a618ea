import { colours } from '../io.ts';
import { clipped, clippedMiddle, padded, tame, textWidth } from '../text-width.ts';
import { formatDuration, roughDuration, wholeSeconds } from './duration.ts';
import { settledOf } from './run-progress.ts';
import { leftText } from './time-left.ts';
import type { Estimate } from './time-left.ts';
import type { NameProgress, RunningTask, RunProgress } from './run-progress.ts';

export interface Moment {
  readonly nowMs: number;
  readonly startedMs: number;
  /** Undefined where nothing is known. */
  readonly left: Estimate | undefined;
  /** What one instance of a task name takes, where that is known. */
  readonly eachMs: (name: string) => number | undefined;
  /** Of the terminal. */
  readonly columns: number;
  readonly rows: number;
}

/** More rows than this are more than one takes in. */
const tallest = 24;
/** From this width on, running tasks say how long the like of them takes. */
const roomy = 100;
/** Nobody minds as much more than usual. */
const graceMs = 1_000;
/** The longest bar and the shortest worth drawing. */
const barWidths = { longest: 60, shortest: 8 };

/** The run at a moment, as lines that fit the terminal. Pure, so that it can be tested and looked at. */
export function picture(run: RunProgress, at: Moment): readonly string[] {
  // The last column stays free: some terminals break the line when it is written to.
  const columns = Math.max(10, at.columns - 1);
  const rows = Math.max(4, Math.min(tallest, at.rows - 2));
  const airy = rows >= 12;
  const head = [headLine(run, at, columns), countsLine(run, columns)];
  const open = [...run.names.values()].filter(isOpen);
  const spare = rows - head.length - (airy ? 2 : 0);
  const nextRows = Math.min(open.length, Math.max(2, Math.floor(spare / 3)));
  const now = nowRows(run, at, columns).slice();
  const shownNow = most(now, spare - nextRows, (left) => `  … and ${left} more`);
  const next = most(
    nextTable(run, open, columns),
    spare - shownNow.length,
    (left) => `  … and ${left} more tasks`,
  );
  return [
    ...head,
    ...(airy && shownNow.length > 0 ? [''] : []),
    ...shownNow,
    ...(airy && next.length > 0 ? [''] : []),
    ...next,
  ];
}

function headLine(run: RunProgress, at: Moment, columns: number): string {
  const done = `${run.settled} of ${run.total}`;
  const time = [wholeSeconds(at.nowMs - at.startedMs), leftText(at.left)]
    .filter((text) => text !== '')
    .join(', ');
  const study = clipped(tame(run.study), Math.max(8, Math.floor(columns / 4)));
  const room = columns - textWidth(study) - done.length - time.length - 6;
  const bar = room < barWidths.shortest ? '' : `${barOf(run, Math.min(room, barWidths.longest))}  `;
  return `${colours.bold(study)}  ${bar}${clipped(`${done}  ${time}`, columns - textWidth(study) - 2)}`;
}

/** How much of a run is cached, done, and ended otherwise. */
export function barOf(run: RunProgress, width: number): string {
  const [full, empty] = ['━', '─'];
  const { cached, done } = run.counts;
  const share = (count: number): number => (run.total === 0 ? 0 : Math.floor((width * count) / run.total));
  const parts = [share(cached), share(cached + done), share(run.settled)] as const;
  return (
    colours.cyan(full.repeat(parts[0])) +
    colours.green(full.repeat(parts[1] - parts[0])) +
    colours.red(full.repeat(parts[2] - parts[1])) +
    colours.dim(empty.repeat(width - parts[2]))
  );
}

/** How many there are of each standing, as far as there is room. */
export function countsLine(run: RunProgress, columns: number): string {
  const { cached, done, running, elsewhere, failed, blocked, ready, waiting } = run.counts;
  const parts: readonly (readonly [number, string, (text: string) => string])[] = [
    [failed, 'failed', colours.red],
    [blocked, 'blocked', colours.yellow],
    [cached, 'cached', colours.cyan],
    [done, 'done', colours.green],
    [running, 'running', String],
    [elsewhere, 'in other runs', String],
    [ready, 'ready', colours.dim],
    [waiting, 'waiting', colours.dim],
  ];
  let width = 0;
  const shown: string[] = [];
  if (run.draining !== undefined) shown.push(colours.yellow('draining'));
  for (const [count, word, paint] of parts) {
    if (count === 0) continue;
    const text = `${count} ${word}`;
    width += text.length + 3;
    if (width > columns) break;
    shown.push(paint(text));
  }
  return shown.join(colours.dim(' · '));
}

/** What runs where, slot by slot, and what other runs compute for this one. */
export function nowRows(
  run: Pick<RunProgress, 'running' | 'elsewhere'>,
  at: Pick<Moment, 'nowMs' | 'eachMs' | 'columns'>,
  columns: number,
): readonly string[] {
  const running = [...run.running.values()].sort(bySlot);
  const slotWidth = widest(running.map(({ slot }) => slot));
  const times = new Map(running.map((each) => [each.task, timeText(each, at)]));
  const timeWidth = Math.max(7, widest(times.values()));
  const before = 2 + slotWidth + 2 + timeWidth + 2;
  const rest = columns - before;
  const taskWidth = Math.min(
    widest(running.map(({ task }) => task)),
    Math.max(24, rest - widest(running.map(progressText)) - 2),
    rest,
  );
  return [
    ...running.map((each) => {
      const time = (times.get(each.task) ?? '').padStart(timeWidth);
      const task = padded(clippedMiddle(each.task, taskWidth), taskWidth);
      const progress = clipped(progressText(each), rest - taskWidth - 2);
      const row = `  ${padded(each.slot, slotWidth)}  ${time}  ${progress === '' ? task.trimEnd() : task}`;
      return progress === '' ? clipped(row, columns) : `${row}  ${colours.dim(progress)}`;
    }),
    ...[...run.elsewhere].map(([task, owner]) =>
      colours.dim(clipped(`  ${task}  is computed by another run (${tame(owner)})`, columns)),
    ),
  ];
}

/** Where a task has outlasted the like of it, what that took is no forecast any more. */
function timeText(
  { task, startedMs }: RunningTask,
  at: Pick<Moment, 'nowMs' | 'eachMs' | 'columns'>,
): string {
  const passedMs = at.nowMs - startedMs;
  const time = wholeSeconds(passedMs);
  const usual = at.columns < roomy ? undefined : at.eachMs(task.split('@', 1)[0] ?? task);
  if (usual === undefined) return time;
  return passedMs > usual + graceMs
    ? `${time}, usually ${roughDuration(usual)}`
    : `${time} of about ${roughDuration(usual)}`;
}

function widest(texts: Iterable<string>): number {
  let width = 0;
  for (const text of texts) width = Math.max(width, textWidth(text));
  return width;
}

function bySlot(a: RunningTask, b: RunningTask): number {
  return a.slot.localeCompare(b.slot, 'en', { numeric: true }) || a.startedMs - b.startedMs;
}

function progressText({ progress, attempt, attempts, timeoutMs, resumed }: RunningTask): string {
  return tame(
    [
      progress === undefined ? '' : `${progress.done}/${progress.of} ${progress.unit}`,
      progress?.detail ?? '',
      resumed ? 'resumed' : '',
      attempt > 1 ? `attempt ${attempt}${attempt <= attempts ? ` of ${attempts}` : ''}` : '',
      timeoutMs === undefined ? '' : `limit ${formatDuration(timeoutMs)}`,
    ]
      .filter((text) => text !== '')
      .join(', '),
  );
}

function isOpen({ counts }: NameProgress): boolean {
  return counts.ready + counts.waiting > 0;
}

/** What is to come, by task name: how many, and what for they wait. */
function nextTable(run: RunProgress, open: readonly NameProgress[], columns: number): readonly string[] {
  const shown = open.slice(0, tallest);
  const nameWidth = Math.min(Math.floor(columns / 3), widest(shown.map(({ name }) => name)));
  const countWidth = widest(shown.map(toGoText));
  const rows = shown.map((each) => {
    const start = `  ${padded(clippedMiddle(each.name, nameWidth), nameWidth)}  ${toGoText(each).padStart(countWidth)}`;
    const wait = clipped(waitText(run, each), columns - textWidth(start) - 2);
    return wait === '' ? clipped(start, columns) : `${start}  ${colours.dim(wait)}`;
  });
  // Rows that were never made still count in "and more".
  return [...rows, ...Array.from({ length: open.length - shown.length }, () => '')];
}

function toGoText(name: NameProgress): string {
  return `${name.total - settledOf(name)} to go`;
}

function waitText(run: RunProgress, name: NameProgress): string {
  const { ready, waiting } = name.counts;
  const names = run.waitsFor(name);
  // Nothing of another name is open: each waits for one of its own (a chain), or for a slot.
  const what = names.length > 0 ? names.join(', ') : name.name;
  const verb = waiting === 1 ? 'waits' : 'wait';
  const wait = waiting === 0 ? '' : `${ready > 0 ? `${waiting} ` : ''}${verb} for ${what}`;
  return [ready > 0 ? `${ready} ready` : '', wait].filter((text) => text !== '').join(', ');
}

/** As many as there is room for, the last row saying how many are left out. */
function most(rows: readonly string[], room: number, more: (left: number) => string): readonly string[] {
  if (rows.length <= room) return rows;
  if (room < 1) return [];
  return [...rows.slice(0, room - 1), colours.dim(more(rows.length - room + 1))];
}
