import { join } from 'node:path';
import type { FetchedInputs, FetchResult } from '../../engine/worker/job-inputs.ts';
import { compareMade } from '../../engine/worker/compare-made.ts';
import type { Rehearsal } from '../../engine/worker/rehearse-job.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { colours, columns, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { failureText } from '../progress/event-line.ts';
import { changeLines } from '../show-values.ts';
import { complainOfStore } from '../store-trouble.ts';
import { taskCommand } from '../study-record/study-command.ts';
import { shownPath } from '../workspace.ts';
import type { DebuggedTask } from './choose-task.ts';

const mostFiles = 20;
const digestShown = 12;
const changeWidth = 100;

export function sayNoInputs(
  { task, study = 'sweetspot run STUDY' }: DebuggedTask,
  inputs: Exclude<FetchResult, FetchedInputs>,
  io: Io,
): ExitCode {
  if (inputs.kind === 'store-failure') {
    complainOfStore(io, inputs);
    return exitCode.machine;
  }
  const digests = inputs.digests.map((digest) => digest.slice(0, digestShown)).join(', ');
  complain(
    io,
    `the bytes of what ${task.id} reads are not in the store any more (${digests})`,
    `make them again: ${taskCommand(study, task.id)}`,
  );
  return exitCode.taskFailed;
}

export function sayTask(
  { task, run, recorded, keyed, changed }: DebuggedTask,
  inputs: FetchedInputs,
  dir: string,
  io: Io,
): void {
  const isSame = recorded.key === keyed.keyed.key;
  say(io, `${colours.bold(task.id)}  ${task.kind}, ${recorded.state} in run ${run}`);
  say(io, `  folder  ${shownPath(dir, io.cwd)}`);
  const note = recorded.key === undefined || isSame ? '' : '  (not that of the run)';
  say(io, `  key     ${keyed.keyed.key}${note}`);
  for (const change of changed)
    for (const line of changeLines(change, changeWidth)) say(io, `          ${line}`);
  const rows = [
    ...[...inputs.single].map(([name, { digest }]) => [`  inputs/${name}`, digest.slice(0, digestShown), '']),
    ...[...inputs.gathered].map(([name, items]) => [`  inputs/${name}/…`, `${items.length} artifacts`, '']),
    ...[...inputs.data].map(([name, { digest, files, root }]) => [
      `  inputs/${name}`,
      digest.slice(0, digestShown),
      root === undefined ? 'data, embedded' : `data, ${files.length} files in ${root}`,
    ]),
  ];
  if (rows.length > 0) say(io, columns(rows));
}

export function sayFailure(
  { failure }: Rehearsal & { readonly kind: 'failed' },
  { task }: DebuggedTask,
  io: Io,
): ExitCode {
  tell(io, `${colours.red('✗')} ${colours.bold(task.id)} ${failureText(failure)}`);
  // A program that failed has said why; the stack is that of whoever started it.
  if (failure.class === 'task' && failure.detail !== undefined && task.kind !== 'command')
    tell(io, failure.detail);
  return failure.class === 'stopped' ? exitCode.interrupted : exitCode.taskFailed;
}

/** What was made, and whether it is what the run, or whoever computed the same key, had made. */
export async function sayMade(
  { outputs }: Rehearsal & { readonly kind: 'made' },
  { store, recorded, keyed }: DebuggedTask,
  deviceClass: string,
  io: Io,
): Promise<ExitCode> {
  const found = await store.actions.get(keyed.keyed.key);
  const standing =
    found.kind === 'found' ? found.result.outputs : recorded.key === keyed.keyed.key ? recorded.outputs : {};
  let same = true;
  for (const [name, made] of outputs) {
    const compared = await compareMade(store, made, standing[name]);
    switch (compared.kind) {
      case 'same':
        say(io, `${colours.green('✓')} ${name}  ${made.digest}  as recorded`);
        break;
      case 'nothing-recorded':
        say(io, `${colours.green('✓')} ${name}  ${made.digest}  (no result is recorded for this key)`);
        break;
      case 'differs': {
        same = false;
        say(io, `${colours.red('✗')} ${name}  ${made.digest}`);
        say(io, `    recorded ${compared.recorded}`);
        const files = compared.files ?? [];
        for (const { path, how } of files.slice(0, mostFiles)) say(io, `    ${how.padEnd(8)} ${path}`);
        if (files.length > mostFiles) say(io, `    and ${files.length - mostFiles} more files`);
      }
    }
  }
  if (same) return exitCode.done;
  const madeOn = found.kind === 'found' ? found.result.provenance.deviceClass : undefined;
  tell(
    io,
    madeOn === undefined || madeOn === deviceClass
      ? '  the key is the same and the bytes are not: the task is not deterministic'
      : `  the key is the same and the bytes are not: made on ${madeOn}, and this on ${deviceClass} (--slots chooses another)`,
  );
  return exitCode.taskFailed;
}

export function sayKept(dir: string, { task }: DebuggedTask, io: Io): void {
  const shown = shownPath(dir, io.cwd);
  say(io, `kept: ${shown}  action.json, inputs/, outputs/, scratch/`);
  if (task.kind === 'command') say(io, `the program once more, by hand: ${join(shown, 'again.sh')}`);
}
