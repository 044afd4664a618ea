import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { cp, copyFile, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TaskError } from '../../engine/contract/task-context.ts';
import type { InputData, TaskContext } from '../../engine/contract/task-context.ts';
import { commandEnvironment } from './environment.ts';
import { asCommandOptions } from './options.ts';
import type { CommandOptions, CommandOutput } from './options.ts';
import { digestOfFile } from '../digest-of-file.ts';
import { keyedFiles } from './keyed-files.ts';
import { sandboxed } from './sandbox.ts';

/** From SIGTERM to SIGKILL, for the program and all it has started. */
const stopGraceMs = 5_000;

/** Lays out the folder, runs the program in it, and takes the declared outputs from it. */
export async function runCommand(context: TaskContext): Promise<void> {
  const options = asCommandOptions(context.options);
  const work = join(context.scratchDir, 'work');
  const home = join(context.scratchDir, 'home');
  mkdirSync(work);
  mkdirSync(home);
  await layOutFiles(context, options, work);
  const inputDirs = linkInputs(context, work);

  const environment = commandEnvironment({ path: process.env['PATH'], home, declared: options.env });
  const argv =
    options.sandbox === 'bwrap'
      ? sandboxed({ argv: options.run, work, home, readable: inputDirs, path: environment['PATH'] ?? '' })
      : options.run;
  await runProgram({ argv, work, environment, signal: context.signal });
  for (const [name, output] of Object.entries(options.outputs)) {
    await takeOutput(work, name, output, context.output(name));
  }
}

/** Copies are what is compared with the key: the originals may change at any time. */
async function layOutFiles(context: TaskContext, { files }: CommandOptions, work: string): Promise<void> {
  const keyed = keyedFiles(context.identity);
  for (const file of files) {
    const target = join(work, file);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(join(context.studyDir, file), target);
    const expected = keyed.get(file);
    if (expected !== undefined && (await digestOfFile(target)) !== expected)
      throw new TaskError('data-changed', `${file} was changed while the run went on; run again`);
  }
}

/** Each input as `inputs/NAME`. Answers with the folders that the program thereby reads. */
function linkInputs(context: TaskContext, work: string): readonly string[] {
  const names = context.inputNames('inputs');
  if (names.length > 0) mkdirSync(join(work, 'inputs'), { recursive: true });
  const dirs: string[] = [];
  for (const name of names) {
    const place = join(work, 'inputs', name);
    const data = context.optionalData(`inputs.${name}`);
    if (data === undefined) {
      const { dir } = context.artifact(`inputs.${name}`);
      symlinkSync(dir, place);
      dirs.push(dir);
    } else {
      dirs.push(linkData(name, data, place));
    }
  }
  return dirs;
}

/** A data set as a folder of links to exactly the files that are in its identity. */
function linkData(name: string, { root, files }: InputData, place: string): string {
  if (root === undefined) {
    throw new TaskError(
      'task',
      `input '${name}': embedded data is drawn, not read, and has no files for a program`,
    );
  }
  for (const { path } of files) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    symlinkSync(join(root, path), join(place, path));
  }
  return root;
}

interface Program {
  readonly argv: readonly string[];
  readonly work: string;
  readonly environment: { readonly [name: string]: string };
  readonly signal: AbortSignal;
}

/** Runs to the end. On a stop, the whole process group is ended first. */
async function runProgram({ argv, work, environment, signal }: Program): Promise<void> {
  const [program = '', ...rest] = argv;
  const child = spawn(program, rest, {
    cwd: work,
    env: environment,
    // A group of its own, so that what it starts can be ended with it. Its output is the task's log.
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  let killing: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup(child, 'SIGTERM');
    killing = setTimeout(() => signalGroup(child, 'SIGKILL'), stopGraceMs);
  };
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop);
  try {
    const end = await endOf(child);
    // What it left running in the background would go on writing while its outputs are taken.
    signalGroup(child, 'SIGKILL');
    if (signal.aborted) throw new TaskError('task', 'stopped');
    if (end.kind === 'failed')
      throw new TaskError(end.wasKilled ? 'killed' : 'task', `'${program}' ${end.how}`);
  } finally {
    clearTimeout(killing);
    signal.removeEventListener('abort', stop);
  }
}

type End =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly how: string; readonly wasKilled: boolean };

/** What a shell exits with when the program in it was ended by SIGKILL. */
const exitCodeOfKilled = 128 + 9;

function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      const { code } = error as NodeJS.ErrnoException;
      const fail = (how: string): void => resolve({ kind: 'failed', how, wasKilled: false });
      if (code === 'ENOENT') fail('is not there: no such program on PATH');
      else if (code === 'EACCES') fail('may not be executed');
      else reject(error);
    });
    child.on('exit', (exitCode, signal) => {
      if (exitCode === 0) {
        resolve({ kind: 'succeeded' });
        return;
      }
      const how = signal === null ? `exited with code ${exitCode ?? 'unknown'}` : `was ended by ${signal}`;
      resolve({ kind: 'failed', how, wasKilled: signal === 'SIGKILL' || exitCode === exitCodeOfKilled });
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nothing of the group is left.
  }
}

async function takeOutput(work: string, name: string, output: CommandOutput, target: string): Promise<void> {
  const source = join(work, output.path);
  const found = statIfThere(source);
  if (found === undefined)
    throw new TaskError('task', `it did not write '${output.path}', its output '${name}'`);
  if (found.isDirectory()) {
    await cp(source, target, { recursive: true });
  } else {
    renameSync(source, join(target, basename(output.path)));
  }
}

function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
