import { readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command, Option } from 'commander';
import { eachRun } from '../../engine/run/journal.ts';
import { ago } from '../moment.ts';
import { runState, runStates } from '../run-state.ts';
import { completeAddress } from './addresses.ts';
import type { Candidate } from './candidate.ts';
import { completePath, completeStudy } from './paths.ts';
import type { StudyNames } from './study-names.ts';

/** What completion has to know of the place where it is asked. Each is asked only where it is needed. */
export interface CompletionSources {
  readonly cwd: string;
  readonly runsDir: () => Promise<string>;
  /** Names in the study on the line, or where there is none, in a run (the latest, if none is named). */
  readonly names: (of: {
    readonly study: string | undefined;
    readonly run: string | undefined;
  }) => Promise<StudyNames>;
}

const mostRuns = 30;
const taskStates = ['cached', 'done', 'failed', 'blocked', 'running', 'waiting', 'pending'];

/** What the last of the words may become. The words come after the program's name. */
export async function complete(
  program: Command,
  words: readonly string[],
  sources: CompletionSources,
): Promise<readonly Candidate[]> {
  const current = words.at(-1) ?? '';
  const line = readLine(program, words.slice(0, -1));
  const found = await candidatesFor(line, current, sources);
  return found.filter(({ value }) => value.startsWith(current));
}

interface Line {
  readonly command: Command;
  readonly operands: readonly string[];
  /** Values of options, by their long names. */
  readonly values: ReadonlyMap<string, string>;
  /** An option whose value comes next. */
  readonly open: Option | undefined;
  /** After `--` no word is an option. */
  readonly isOver: boolean;
}

/** The line as far as it is done: which command, with what. */
function readLine(program: Command, words: readonly string[]): Line {
  let command = program;
  const operands: string[] = [];
  const values = new Map<string, string>();
  let open: Option | undefined;
  let isOver = false;
  for (const word of words) {
    if (open !== undefined) {
      values.set(open.long ?? '', word);
      open = undefined;
    } else if (isOver || !word.startsWith('-')) {
      const inner = operands.length === 0 ? commandNamed(command, word) : undefined;
      if (inner === undefined) operands.push(word);
      else command = inner;
    } else if (word === '--') isOver = true;
    else {
      const [name = '', value] = word.split(/=(.*)/s);
      const option = optionsOf(command).find(({ long, short }) => name === long || name === short);
      if (option === undefined || option.isBoolean() || option.negate) continue;
      if (value === undefined) open = option;
      else values.set(option.long ?? '', value);
    }
  }
  return { command, operands, values, open, isOver };
}

async function candidatesFor(
  line: Line,
  current: string,
  sources: CompletionSources,
): Promise<readonly Candidate[]> {
  const { command, open, operands, isOver } = line;
  if (open !== undefined) return optionValues(open, current, line, sources);
  if (current.startsWith('-') && !isOver) {
    const equals = current.indexOf('=');
    if (equals === -1) return optionNames(command);
    const option = optionsOf(command).find(({ long }) => long === current.slice(0, equals));
    if (option === undefined) return [];
    const prefix = current.slice(0, equals + 1);
    const values = await optionValues(option, current.slice(equals + 1), line, sources);
    return values.map((each) => ({ ...each, value: prefix + each.value }));
  }
  if (command.commands.length > 0 && operands.length === 0) return commandNames(command);
  const argument = command.registeredArguments[operands.length];
  return argument === undefined ? [] : argumentValues(argument.name(), current, line, sources);
}

function argumentValues(
  name: string,
  current: string,
  line: Line,
  sources: CompletionSources,
): Promise<readonly Candidate[]> {
  switch (name) {
    case 'study':
      return completeStudy(current, sources.cwd);
    case 'address':
    case 'what':
      return addresses(current, line, sources);
    case 'run':
    case 'before':
    case 'after':
      return runs(sources);
    case 'path':
    case 'file':
      return completePath({ current, cwd: sources.cwd, files: () => true });
    case 'dir':
      return completePath({ current, cwd: sources.cwd });
    case 'command':
      return Promise.resolve(commandNames(line.command.parent ?? line.command));
    case 'shell':
      return Promise.resolve(['bash', 'zsh', 'fish'].map((value) => ({ value })));
    default:
      return Promise.resolve([]);
  }
}

async function optionValues(
  option: Option,
  current: string,
  line: Line,
  sources: CompletionSources,
): Promise<readonly Candidate[]> {
  if (option.argChoices !== undefined) return option.argChoices.map((value) => ({ value }));
  switch (option.long) {
    case '--only':
      return addresses(current, line, sources);
    case '--run':
      return runs(sources);
    case '--slots':
      return slots(current);
    case '--state':
      return states(current, line);
    case '--study':
      return studies(sources);
    case '--param':
      return (await namesFor(line, sources)).params.map((name) => ({ value: `${name}=` }));
    case '--data': {
      const equals = current.indexOf('=');
      if (equals === -1) return (await namesFor(line, sources)).data.map((name) => ({ value: `${name}=` }));
      const prefix = current.slice(0, equals + 1);
      const paths = await completePath({ current: current.slice(equals + 1), cwd: sources.cwd });
      return paths.map(({ value }) => ({ value: prefix + value }));
    }
    case '--stated':
    case '--classes':
      return completePath({ current, cwd: sources.cwd, files: () => true });
    case '--cache':
    case '--out':
    case '--into':
      return completePath({ current, cwd: sources.cwd });
    default:
      return [];
  }
}

async function addresses(
  current: string,
  line: Line,
  sources: CompletionSources,
): Promise<readonly Candidate[]> {
  return completeAddress((await namesFor(line, sources)).tasks, current);
}

function namesFor({ command, operands, values }: Line, sources: CompletionSources): Promise<StudyNames> {
  const takesStudy = command.registeredArguments[0]?.name() === 'study';
  return sources.names({ study: takesStudy ? operands[0] : undefined, run: values.get('--run') });
}

async function runs(sources: CompletionSources): Promise<readonly Candidate[]> {
  const found: Candidate[] = [{ value: 'last', description: 'the one that began last' }];
  for await (const record of eachRun(await sources.runsDir())) {
    const description = `${record.study}, ${runState(record)}, ${ago(record.startedAt)}`;
    found.push({ value: record.run, description });
    if (found.length > mostRuns) break;
  }
  return found;
}

async function studies(sources: CompletionSources): Promise<readonly Candidate[]> {
  const names = new Set<string>();
  let looked = 0;
  for await (const { study } of eachRun(await sources.runsDir())) {
    names.add(study);
    if (++looked > mostRuns) break;
  }
  return [...names].map((value) => ({ value }));
}

/** Devices without asking the driver, which takes a second: completion has a tenth of one. */
function slots(current: string): readonly Candidate[] {
  const done = current.slice(0, current.lastIndexOf(',') + 1);
  let gpus: string[] = [];
  try {
    gpus = readdirSync('/dev').flatMap((name) => /^nvidia(\d+)$/.exec(name)?.[1] ?? []);
  } catch {
    // No such folder on this system.
  }
  const cores = availableParallelism();
  const counts = [...new Set([1, Math.ceil(cores / 2), cores])];
  return [
    ...gpus.sort().map((index) => ({ value: `${done}gpu:${index}`, description: 'this GPU' })),
    ...counts.map((count) => ({
      value: `${done}cpu:${count}`,
      description: `${count} of ${cores} cores' worth`,
    })),
  ];
}

function states(current: string, { operands, values }: Line): readonly Candidate[] {
  const done = current.slice(0, current.lastIndexOf(',') + 1);
  const known = operands.length === 0 && !values.has('--run') ? runStates : taskStates;
  return known.filter((state) => !done.split(',').includes(state)).map((state) => ({ value: done + state }));
}

function commandNames(command: Command): readonly Candidate[] {
  const found = command
    .createHelp()
    .visibleCommands(command)
    .map((inner) => ({ value: inner.name(), description: inner.description() }));
  return found;
}

function commandNamed(command: Command, name: string): Command | undefined {
  return command.commands.find((inner) => inner.name() === name || inner.aliases().includes(name));
}

function optionNames(command: Command): readonly Candidate[] {
  return optionsOf(command).flatMap(({ long, description }) =>
    long === undefined ? [] : [{ value: long, description }],
  );
}

function optionsOf(command: Command): readonly Option[] {
  const help = command.createHelp();
  return [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)];
}
