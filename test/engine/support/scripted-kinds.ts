import { existsSync, watch } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Registry } from '../../../engine/contract/registry.ts';
import { TaskError } from '../../../engine/contract/task-context.ts';
import type { TaskContext } from '../../../engine/contract/task-context.ts';
import type { TaskKind } from '../../../engine/contract/task-kind.ts';

/** One thing that a scripted task does. */
export type Step =
  /** Says in the file `stage`, one line, that it has come this far. */
  | { readonly do: 'mark'; readonly file: string; readonly line: string }
  /** Waits until a file exists. */
  | { readonly do: 'await'; readonly file: string }
  | { readonly do: 'write'; readonly text: string; readonly output?: string }
  /** Writes what the inputs say, joined, shouting. */
  | { readonly do: 'shout' }
  | { readonly do: 'fail'; readonly message: string; readonly class?: 'task' | 'data-changed' | 'machine' }
  /** Fails as long as the file holds fewer lines than this, adding one each time. */
  | { readonly do: 'fail-until'; readonly file: string; readonly lines: number }
  /** The same, but kills its worker. */
  | { readonly do: 'die-until'; readonly file: string; readonly lines: number }
  | { readonly do: 'exit'; readonly code: number }
  | { readonly do: 'kill-self' }
  | { readonly do: 'hang' }
  | { readonly do: 'block' }
  | { readonly do: 'state-fact'; readonly value: number }
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'progress'; readonly done: number; readonly of: number }
  /** Counts up to `to` in snapshots; `pauseAt` waits there for the file, or for the end. */
  | { readonly do: 'count'; readonly to: number; readonly pauseAt?: number; readonly file?: string };

/**
 * A task that does what its script says. The script lies in the file that `script` names, outside the key, so that a test
 * can change what a task does and keep what it is.
 */
const scripted: TaskKind = {
  kind: 'note',
  summary: 'does what its script says',
  version: 1,
  options: {
    type: 'object',
    properties: {
      text: { type: 'string', default: '' },
      script: { type: 'string', default: '' },
      volume: { type: 'number', default: 3 },
    },
  },
  inputs: {},
  outputs: { out: { type: 'text', summary: 'what it wrote' } },
  resources: { slots: 0 },
  load: () => Promise.resolve(runScript),
};

const twoOutputs: TaskKind = {
  ...scripted,
  kind: 'pair',
  outputs: { out: { type: 'text', summary: 'one' }, other: { type: 'text', summary: 'another' } },
};

export const scriptedRegistry: Registry = {
  kinds: [scripted, twoOutputs],
  types: [
    {
      type: 'text',
      summary: 'one file, text.txt',
      check: (dir) => Promise.resolve(existsSync(join(dir, 'text.txt')) ? [] : ['there is no text.txt']),
    },
  ],
  adapters: [
    {
      adapter: 'folder',
      summary: 'every file named in `files`',
      version: 1,
      options: { type: 'object', properties: { files: { type: 'array' } } },
      embedded: false,
      list: ({ options, root }) => {
        const paths = (options['files'] ?? []) as readonly string[];
        if (root === undefined || !existsSync(root)) {
          return Promise.resolve({ kind: 'unusable', message: `there is no folder ${root ?? ''}` });
        }
        return Promise.resolve({ kind: 'listed', paths });
      },
    },
  ],
};

async function runScript(context: TaskContext): Promise<void> {
  const { text, script } = context.options;
  const steps =
    typeof script === 'string' && script !== ''
      ? (JSON.parse(await readFile(join(context.studyDir, script), 'utf8')) as readonly Step[])
      : [];
  for (const step of steps) await take(step, context);
  if (steps.some((step) => ['write', 'shout', 'count', 'exit'].includes(step.do))) return;
  if (typeof text === 'string' && text !== '') await say(context, text);
}

async function say(context: TaskContext, text: string, output = 'out'): Promise<void> {
  await writeFile(join(context.output(output), 'text.txt'), text);
}

async function take(step: Step, context: TaskContext): Promise<void> {
  const inStudy = (file: string): string => join(context.studyDir, file);
  switch (step.do) {
    case 'mark':
      return appendFile(inStudy(step.file), `${step.line}\n`);
    case 'await':
      return fileAppears(inStudy(step.file), context.signal);
    case 'write':
      return say(context, step.text, step.output);
    case 'shout':
      return shout(context);
    case 'fail':
      throw new TaskError(step.class ?? 'task', step.message);
    case 'fail-until':
      if ((await countTry(inStudy(step.file))) < step.lines) throw new Error('not yet');
      return;
    case 'die-until':
      if ((await countTry(inStudy(step.file))) < step.lines) return killSelf();
      return;
    case 'exit':
      process.exit(step.code);
      break;
    case 'kill-self':
      return killSelf();
    case 'hang':
      return new Promise((_, reject) => {
        onStop(context.signal, () => reject(new Error('told to stop')));
      });
    case 'block':
      // Neither messages nor signals reach a thread that waits here.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      return;
    case 'state-fact': {
      context.stateFacts('out', { level: step.value });
      return;
    }
    case 'say':
      process.stdout.write(`${step.text}\n`);
      return;
    case 'progress': {
      context.progress({ done: step.done, of: step.of, unit: 'steps' });
      return;
    }
    case 'count':
      return count(step, context);
  }
}

/** How often this was called before with the file. */
async function countTry(file: string): Promise<number> {
  const before = existsSync(file) ? (await readFile(file, 'utf8')).length : 0;
  await appendFile(file, 'x');
  return before;
}

function killSelf(): Promise<never> {
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => undefined);
}

async function shout(context: TaskContext): Promise<void> {
  const inputs = [context.optionalArtifact('from'), ...context.artifacts('all')];
  const texts = await Promise.all(
    inputs.flatMap((input) => (input === undefined ? [] : [readFile(join(input.dir, 'text.txt'), 'utf8')])),
  );
  await say(context, texts.join(' ').toUpperCase());
}

/** Adds one a step; what it had reached is in its snapshots. */
async function count(step: Step & { readonly do: 'count' }, context: TaskContext): Promise<void> {
  const before = await context.snapshots.newest();
  let reached = before === undefined ? 0 : Number(await readFile(join(before, 'reached'), 'utf8'));
  const began = reached;
  const save = (): Promise<void> =>
    context.snapshots.save((dir) => writeFile(join(dir, 'reached'), String(reached)));
  while (reached < step.to) {
    reached++;
    if (reached !== step.pauseAt || step.file === undefined) continue;
    await save();
    await appendFile(join(context.studyDir, 'saved'), 'x');
    try {
      await fileAppears(join(context.studyDir, step.file), context.signal);
    } catch (error) {
      reached += 0.5;
      await save();
      throw error;
    }
  }
  await appendFile(join(context.studyDir, 'began'), `${began}\n`);
  await say(context, String(Math.floor(reached)));
}

export function fileAppears(path: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(dirname(path), (_, name) => (name === basename(path) ? look() : undefined));
    const look = (): void => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    };
    if (signal !== undefined) {
      onStop(signal, () => {
        watcher.close();
        reject(new Error('told to stop'));
      });
    }
    look();
  });
}

/** The stop may have come before anybody listened. */
function onStop(signal: AbortSignal, act: () => void): void {
  if (signal.aborted) act();
  else signal.addEventListener('abort', act);
}
