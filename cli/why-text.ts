import type { CauseGroup, GroupedCause } from '../engine/run/group-causes.ts';
import type { FileNames } from '../engine/run/compare-data.ts';
import type { Change, Standing, TaskWhy } from '../engine/run/task-why.ts';
import { colours } from './io.ts';
import { moment } from './moment.ts';
import { originText } from './origin-text.ts';
import { formatBytes, formatDuration, plural } from './progress/duration.ts';
import { failureText } from './progress/event-line.ts';
import { changeLines, fieldName, shownValue } from './show-values.ts';

/** How many fields of one task, and how many tasks of a group, are written out. */
const mostChanges = 12;
const mostNames = 3;

/** The state in a word, coloured as everywhere. */
export function stateWord(standing: Standing): string {
  switch (standing.state) {
    case 'cached':
      return colours.cyan('cached');
    case 'running':
      return colours.green('running');
    case 'run':
      return colours.green('run');
    case 'if-changed':
      return colours.yellow('if-changed');
    case 'failed':
      return colours.red('failed');
    case 'blocked':
      return colours.yellow('blocked');
    case 'unusable':
      return colours.red('cannot run here');
  }
}

/** Why a task stands as it does, in one sentence. Times in it are those of runs' names, so that it stays true. */
export function reasonOf({ standing, against, changes }: TaskWhy): string {
  const differs =
    against === undefined
      ? ''
      : against.how === 'alike'
        ? `; ${against.task} is nearest to it, and differs in ${plural(changes.length, 'field')}`
        : `; since run ${against.run ?? ''} its key differs in ${plural(changes.length, 'field')}`;
  switch (standing.state) {
    case 'cached':
      return 'a result stands for its key';
    case 'running':
      return `run ${standing.run} is computing it${standing.slot === undefined ? '' : ` on ${standing.slot}`}`;
    case 'failed':
      return `it failed in run ${standing.run}, and nothing of it has changed since; failures are not kept, so that the next run tries again`;
    case 'blocked':
      return `${standing.by} failed in run ${standing.run}, and it needs what that makes`;
    case 'unusable':
      return `its key cannot be made on this machine: ${standing.message}`;
    case 'if-changed':
      return `it follows ${standing.follows}, which has no result yet; whether it runs shows by what that makes${differs}`;
    case 'run':
      return runReason(standing.reason, differs, against !== undefined);
  }
}

function runReason(
  reason: Extract<Standing, { state: 'run' }>['reason'],
  differs: string,
  isCompared: boolean,
): string {
  switch (reason.kind) {
    case 'changed':
      return `no result stands for its key${isCompared ? differs : ', and the action of its last one is no longer stored'}`;
    case 'new':
      return reason.runs === 0
        ? `no run of this study is recorded here${differs}`
        : `no recorded run of this study had a task of this address${differs}`;
    case 'unfinished':
      return `run ${reason.run} was ${endWord(reason.end)} before it was finished${reason.snapshot ? '; it goes on from its snapshot' : ''}${differs}`;
    case 'result-gone':
      return `run ${reason.run} had a result for this very key, and the store has it no more`;
    case 'bytes-gone':
      return reason.detail;
  }
}

function endWord(end: string): string {
  switch (end) {
    case 'machine':
      return 'stopped by its machine';
    case 'failed':
      return 'stopped by a failure';
    default:
      return end;
  }
}

/** One task in full: state and reason, every field that differs, and where that comes from. */
export function taskLines(why: TaskWhy, width: number): string[] {
  const { task, standing, changes, causes, key } = why;
  const lines = [`${colours.bold(task)}  ${stateWord(standing)}`, `  ${reasonOf(why)}.`];
  lines.push(...evidence(standing).map((line) => `  ${line}`));
  if (changes.length > 0) lines.push('');
  for (const change of changes.slice(0, mostChanges))
    lines.push(...fieldLines(change, width - 2).map((line) => `  ${line}`));
  if (changes.length > mostChanges)
    lines.push(colours.dim(`  … and ${plural(changes.length - mostChanges, 'more field')}`));
  const upstream = causes.filter((cause) => cause.task !== task || cause.kind !== 'changed');
  if (upstream.length > 0) {
    lines.push('', '  because');
    for (const cause of upstream.slice(0, mostChanges))
      lines.push(...causeLines({ first: cause, count: 1 }, width - 4).map((line) => `    ${line}`));
    if (upstream.length > mostChanges)
      lines.push(colours.dim(`    … and ${plural(upstream.length - mostChanges, 'more cause')}`));
  }
  if (key !== undefined) lines.push('', colours.dim(`  key ${key}`));
  return lines;
}

function evidence(standing: Standing): readonly string[] {
  switch (standing.state) {
    case 'cached': {
      const { startedAt, durationMs, deviceClass, backend, peakMemoryBytes } = standing.result.provenance;
      const by = standing.madeIn === undefined ? '' : ` by run ${standing.madeIn}`;
      const origin = originText(standing);
      const from = origin === undefined ? '' : `, from ${origin}`;
      const peak = peakMemoryBytes === undefined ? '' : `, peak ${formatBytes(peakMemoryBytes)}`;
      const on = backend === 'none' ? '' : ` on ${deviceClass} (${backend})`;
      return [`computed ${moment(startedAt)} in ${formatDuration(durationMs)}${on}${peak}${by}${from}`];
    }
    case 'failed':
      return [`attempt ${Math.max(1, standing.attempt)}  ${failureText(standing.failure)}`];
    case 'blocked':
      return [`${standing.by}  ${failureText(standing.failure)}`];
    case 'unusable':
      return standing.hint === undefined ? [] : [`way out: ${standing.hint}`];
    case 'running':
    case 'run':
    case 'if-changed':
      return [];
  }
}

/** A field with both values, and what is known of them. */
function fieldLines(change: Change, width: number): string[] {
  const { from, data, param, before, after } = change;
  if (data !== undefined) return [`${colours.bold(change.field)}  ${dataName(change)}`, ...dataLines(change)];
  if (from !== undefined) return inputLines(change, from);
  const lines = changeLines(change, width);
  if (param !== undefined && (before.value !== param.before || after.value !== param.after))
    lines.push(colours.dim(`  by params.${param.name}  ${paramValues(param)}`));
  else if (param !== undefined) lines[0] = `${lines[0] ?? ''}  ${colours.dim(`(params.${param.name})`)}`;
  return lines;
}

function inputLines(change: Change, from: NonNullable<Change['from']>): string[] {
  const { before, after, field } = change;
  if (change.path[4] === 'facts') return changeLines(change, Infinity);
  const unmade =
    after.value !== undefined && change.path.at(-1) === 'artifact' ? shownValue(after) : undefined;
  if (before.value === undefined) return [`${field}  added: ${from.after ?? shownValue(after)}`];
  if (after.value === undefined) return [`${field}  taken away: ${from.before ?? shownValue(before)}`];
  if (from.before !== undefined && from.after !== undefined && from.before !== from.after)
    return [`${field}  ${from.before} -> ${from.after}`];
  if (from.after === undefined || unmade === undefined) return changeLines(change, Infinity);
  return [
    `${field}  ${from.after}: ${shownValue(before)} -> ${change.notMade === true ? 'not made yet' : unmade}`,
  ];
}

/** What somebody did, on one line or a few. */
export function causeLines({ first, count }: GroupedCause, width: number): string[] {
  switch (first.kind) {
    case 'new':
      return [`${first.task} is new: no earlier run that can be compared with has it`];
    case 'remade':
      return [`${first.task} was computed anew, and made another '${first.output}' from the same inputs`];
    case 'changed': {
      const { change, task } = first;
      if (change.param !== undefined) return [`params.${change.param.name}  ${paramValues(change.param)}`];
      if (change.data !== undefined) return [dataName(change), ...dataLines(change)];
      const lines = changeLines({ ...change, field: `${task}: ${fieldName(change.field)}` }, width);
      if (count > 1) lines.push(colours.dim(`  and ${count - 1} more pairs of values in the same field`));
      return lines;
    }
  }
}

function paramValues({ before, after }: NonNullable<Change['param']>): string {
  const value = (json: typeof before): string => shownValue({ value: json, isDefault: false });
  return `${value(before)} -> ${value(after)}`;
}

function dataName({ data }: Change): string {
  return `data ${data?.data ?? ''}${data?.part === undefined ? '' : `, ${data.part}`}`;
}

/** What became of a data set: its declaration, then counts of files with the first names. */
function dataLines({ data, before, after }: Change): string[] {
  if (data === undefined) return [];
  const { settings, files } = data;
  const lines = settings.flatMap((difference) =>
    changeLines(difference, Infinity).map((line) => `  ${line}`),
  );
  if (files === undefined)
    lines.push(
      `  its content was ${shownValue(before)} and is ${shownValue(after)}; no run here has kept a list of the files it had`,
    );
  else {
    lines.push(...fileNames('added', files.added), ...fileNames('removed', files.removed));
    lines.push(...fileNames('changed', files.changed));
    if (lines.length === 0) lines.push('  the same files, read by another version of its adapter');
    else lines.push(colours.dim(`  ${plural(files.before, 'file')} -> ${plural(files.after, 'file')}`));
  }
  return lines;
}

function fileNames(word: string, { count, first }: FileNames): string[] {
  if (count === 0) return [];
  const more = count > first.length ? `, … and ${count - first.length} more` : '';
  return [`  ${plural(count, 'file')} ${word}: ${first.join(', ')}${more}`];
}

/** Many tasks with one reason: how many, why, which. */
export function groupLines(group: CauseGroup, width: number): string[] {
  const { example, tasks, causes } = group;
  const count = colours.bold(`${tasks.length.toLocaleString('en-GB')} task${tasks.length === 1 ? '' : 's'}`);
  const [first, ...more] = causes.flatMap((cause) => causeLines(cause, width - 4));
  const isOpen = example.standing.state === 'run' || example.standing.state === 'if-changed';
  const why = isOpen && first !== undefined ? first : groupReason(example);
  const lines = [`${count}  ${stateWord(example.standing)}: ${why}`];
  if (isOpen) lines.push(...more.map((line) => `    ${line}`));
  const names = tasks.slice(0, mostNames).join('  ');
  lines.push(colours.dim(`    ${names}${tasks.length > mostNames ? '  …' : ''}`));
  return lines;
}

/** As `reasonOf`, of all in a group. */
function groupReason(example: TaskWhy): string {
  const { standing } = example;
  switch (standing.state) {
    case 'cached':
      return 'results stand for their keys';
    case 'failed':
      return `${failureText(standing.failure)} (run ${standing.run})`;
    case 'blocked':
      return `${standing.by} failed: ${failureText(standing.failure)}`;
    case 'running':
    case 'unusable':
    case 'run':
    case 'if-changed':
      return reasonOf({ ...example, against: undefined });
  }
}
