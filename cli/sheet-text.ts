import type { Facts } from '../engine/contract/scalar.ts';
import type { Sighting } from '../engine/run/sightings.ts';
import { colours, columns } from './io.ts';
import { moment } from './moment.ts';
import { originText } from './origin-text.ts';
import { formatBytes, formatDuration, plural } from './progress/duration.ts';
import { failureText } from './progress/event-line.ts';
import type { SheetInput, SheetOutput, TaskSheet } from './task-sheet.ts';
import { stateText } from './state-text.ts';

const mostInputs = 12;
const mostFiles = 12;
const mostNames = 6;
const mostRuns = 5;
const labelWidth = 9;

/** A task's sheet as people read it. */
export function sheetLines(sheet: TaskSheet, width: number): string[] {
  const { task, state, run, study, key, kind, provenance, failure, blockedBy } = sheet;
  const lines = [
    `${colours.bold(task)}  ${stateText(state)}  ${colours.dim(`run ${run} of ${study}`)}`,
    '',
    ...(kind === undefined ? [] : [row('kind', kind)]),
    ...(key === undefined ? [] : [row('key', key)]),
  ];
  if (failure !== undefined) lines.push(row(state === 'failed' ? 'failed' : 'attempt', failureText(failure)));
  if (blockedBy !== undefined) lines.push(row('blocked', `by ${blockedBy}, which failed`));
  if (provenance !== undefined) {
    const { startedAt, durationMs, deviceClass, backend, versions, peakMemoryBytes, log, member } =
      provenance;
    const by = sheet.madeBy === undefined || sheet.madeBy === run ? '' : `, by run ${sheet.madeBy}`;
    const who = member === undefined ? '' : `, by ${member}`;
    const origin = originText(sheet);
    const from = origin === undefined ? '' : `, from ${origin}`;
    lines.push(row('computed', `${moment(startedAt)} in ${formatDuration(durationMs)}${who}${by}${from}`));
    const parts = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
    lines.push(row('on', [deviceClass, ...(backend === 'none' ? [] : [backend]), ...parts].join(', ')));
    if (peakMemoryBytes !== undefined) lines.push(row('peak', `${formatBytes(peakMemoryBytes)} of memory`));
    lines.push(row('log', log === undefined ? 'it said nothing' : `sweetspot log ${task}`));
  }
  if (sheet.command !== undefined) lines.push(row('again', sheet.command));
  lines.push(...optionLines(sheet, width));
  lines.push(...inputLines(sheet.inputs));
  lines.push(...outputLines(sheet));
  if (sheet.usedBy.length > 0) lines.push('', row('used by', names(sheet.usedBy)));
  if (sheet.runs.length > 0) lines.push('', ...runLines(sheet.runs));
  return lines;
}

/** Files of one output, or of an artifact by itself. */
export function fileLines({ files }: Pick<SheetOutput, 'files'>, indent: string): string[] {
  const shown = columns(
    files
      .slice(0, mostFiles)
      .map(({ path, size, sha256 }) => [`${indent}${path}`, formatBytes(size), short(sha256)]),
  );
  const more = files.length - mostFiles;
  return [
    ...(files.length === 0 ? [] : shown.split('\n')),
    ...(more > 0 ? [colours.dim(`${indent}… and ${plural(more, 'file')} more`)] : []),
  ];
}

/** `from`: the remote that its result came from, which may have the bytes. */
export function outputSummary({ files, sizeBytes, isComplete }: SheetOutput, from?: string): string {
  const size = `${plural(files.length, 'file')}, ${formatBytes(sizeBytes)}`;
  if (isComplete) return size;
  const lacking =
    from === undefined
      ? 'bytes gone: made again when a task reads them'
      : `bytes not here: fetched from remote '${from}' when a task reads them`;
  return `${files.length === 0 ? '' : `${size}, `}${from === undefined ? colours.yellow(lacking) : colours.dim(lacking)}`;
}

export function runLines(runs: readonly Sighting[]): string[] {
  const more = runs.length - mostRuns;
  return [
    ...runs
      .slice(0, mostRuns)
      .map(({ run, how, task }, index) =>
        row(index === 0 ? 'runs' : '', `${run}  ${how}  ${colours.dim(task)}`),
      ),
    ...(more > 0 ? [row('', colours.dim(`… and ${plural(more, 'run')} before`))] : []),
  ];
}

export function short(digest: string): string {
  return `${digest.slice(0, 12)}…`;
}

function optionLines({ options }: TaskSheet, width: number): string[] {
  const entries = Object.entries(options ?? {});
  if (entries.length === 0) return [];
  const rows = entries.map(([name, value]) => [
    `    ${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return [
    '',
    '  options, less defaults',
    ...columns(rows)
      .split('\n')
      .map((line) => (line.length <= width ? line : `${line.slice(0, Math.max(20, width - 1))}…`)),
  ];
}

function inputLines(inputs: readonly SheetInput[]): string[] {
  if (inputs.length === 0) return [];
  const rows = inputs
    .slice(0, mostInputs)
    .map(({ name, from, source, digest, facts }) => [
      `    ${name}`,
      source === 'data' ? `data ${from}` : from,
      digest === undefined ? 'not made yet' : short(digest),
      factsText(facts ?? {}),
    ]);
  const more = inputs.length - mostInputs;
  return ['', '  inputs', columns(rows), ...(more > 0 ? [colours.dim(`    … and ${more} more`)] : [])];
}

function outputLines({ outputs, from }: TaskSheet): string[] {
  if (outputs.length === 0) return [];
  return [
    '',
    '  outputs',
    ...outputs.flatMap((output) => [
      ['   ', output.name, short(output.digest), outputSummary(output, from), factsText(output.facts)]
        .filter((part) => part !== '')
        .join('  ')
        .replace(/^ {5}/, '    '),
      ...fileLines(output, '      '),
    ]),
  ];
}

function factsText(facts: Facts): string {
  return Object.entries(facts)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');
}

function names(all: readonly string[]): string {
  const more = all.length > mostNames ? `, … and ${all.length - mostNames} more` : '';
  return `${all.slice(0, mostNames).join(', ')}${more}`;
}

function row(label: string, text: string): string {
  return `  ${label.padEnd(labelWidth)} ${text}`;
}
