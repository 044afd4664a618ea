import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseDigest } from '../../cache/digest.ts';
import type { Digest } from '../../cache/digest.ts';
import { makeFolders } from '../../cache/make-folders.ts';
import { chooseRecorded } from '../choose-recorded.ts';
import { materialiseOver } from '../deliver.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import type { DebugFlags } from '../flags.ts';
import { shownPath } from '../workspace.ts';

/** Lays out `action.json` and `inputs/NAME[/N]/…` of one task in a folder, so that it can be looked at by hand. */
export async function debugCommand(request: {
  readonly address: string;
  readonly flags: DebugFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { io, flags, address } = request;
  const chosen = await chooseRecorded(request);
  if (chosen.kind === 'exit') return chosen.code;
  const [task, ...others] = chosen.tasks;
  if (task?.key === undefined || others.length > 0) {
    complain(
      io,
      others.length > 0
        ? `'${address}' names ${chosen.tasks.length} tasks; debug takes one`
        : `'${address}' has no key yet: what it reads is not there`,
      others.length > 0
        ? `e.g. sweetspot debug ${task?.task ?? ''}`
        : 'sweetspot status shows what came before',
    );
    return exitCode.usage;
  }
  const keyDigest = parseDigest(task.key);
  const action = keyDigest === undefined ? undefined : await chosen.store.blobs.read(keyDigest);
  if (action?.kind !== 'found') {
    complain(io, `the action of ${task.task} is not in the store any more`);
    return exitCode.taskFailed;
  }
  const dir = resolve(io.cwd, flags.into ?? join('debug', task.task.replaceAll('/', '.')));
  await makeFolders(dir);
  const parsed: unknown = JSON.parse(new TextDecoder().decode(action.bytes));
  await writeFile(join(dir, 'action.json'), `${JSON.stringify(parsed, null, 2)}\n`);
  const missing: string[] = [];
  for (const [path, digest] of inputDigests(parsed)) {
    const result = await materialiseOver({ store: chosen.store, digest, dir: join(dir, 'inputs', path) });
    if (result.kind !== 'materialised') missing.push(path);
  }
  say(io, shownPath(dir, io.cwd));
  if (missing.length > 0)
    complain(
      io,
      `their bytes are not here any more, left out: ${missing.join(', ')}`,
      'run the study again: what is missing is made anew',
    );
  return exitCode.done;
}

/** Artifacts that an action reads, with a path for each. Data sets are left where they are. */
function inputDigests(action: unknown): readonly (readonly [string, Digest])[] {
  const inputs = field(action, 'inputs');
  if (typeof inputs !== 'object' || inputs === null) return [];
  return Object.entries(inputs).flatMap(([name, input]: [string, unknown]) => {
    const gathered = field(input, 'gathered');
    if (Array.isArray(gathered))
      return gathered.flatMap((item: unknown, i) => named(`${name}/${i}`, field(item, 'artifact')));
    return named(name, field(input, 'artifact'));
  });
}

function named(path: string, value: unknown): readonly (readonly [string, Digest])[] {
  const digest = typeof value === 'string' ? parseDigest(value) : undefined;
  return digest === undefined ? [] : [[path, digest]];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? (value as Record<string, unknown>)[name]
    : undefined;
}
