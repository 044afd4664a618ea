import { url as inspectorUrl } from 'node:inspector';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { StopReason } from '../../engine/contract/task-context.ts';
import type { FetchedInputs } from '../../engine/worker/job-inputs.ts';
import { rehearseJob } from '../../engine/worker/rehearse-job.ts';
import type { Rehearsal } from '../../engine/worker/rehearse-job.ts';
import { chooseBackend } from '../choose-backend.ts';
import { chooseDebugged } from '../debug/choose-task.ts';
import type { DebuggedTask } from '../debug/choose-task.ts';
import { compareMade } from '../debug/compare-made.ts';
import { holdDevice } from '../debug/hold-device.ts';
import { layOut, openDebugFolder } from '../debug/lay-out.ts';
import { deliveredName } from '../delivered-name.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { DebugFlags } from '../flags.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { colours, columns, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { formatDuration } from '../progress/duration.ts';
import { failureText } from '../progress/event-line.ts';
import { registry } from '../registry.ts';
import { changeLines } from '../show-values.ts';
import { chooseSlots } from '../slots.ts';
import { shownPath } from '../workspace.ts';

const mostFiles = 20;
const digestShown = 12;

/** Runs one task of a recorded run in this very process, with its inputs in place, and publishes nothing. */
export async function debugCommand(request: {
  readonly address: string;
  readonly flags: DebugFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { flags, io } = request;
  const debugged = await chooseDebugged(request);
  if (debugged.kind === 'exit') return debugged.code;
  const { task } = debugged;
  const slots = await chooseSlots(flags.slots);
  if (slots.kind === 'invalid') {
    complain(io, `--slots: ${slots.message}`);
    return exitCode.usage;
  }
  const computes = task.resources.slots > 0 || (task.resources.gpu ?? 0) > 0;
  if (!chooseBackend({ asked: flags.backend, computes, io })) return exitCode.usage;

  const dir = resolve(io.cwd, flags.into ?? join('debug', deliveredName(task.id, '')));
  if (!(await openDebugFolder(dir))) {
    complain(
      io,
      `${shownPath(dir, io.cwd)} holds files that no earlier debug has put there`,
      'name another folder with --into DIR, or empty it',
    );
    return exitCode.usage;
  }
  const { job, inputs } = await layOut(debugged, dir);
  if (inputs.kind !== 'fetched') return sayNoInputs(debugged, inputs, io);
  sayTask(debugged, inputs, dir, io);

  const stopping = new AbortController();
  const interrupts = listenForInterrupts();
  const stop = (): void => stopping.abort({ kind: 'stopped' } satisfies StopReason);
  interrupts.drainSignal.addEventListener('abort', stop);
  let rehearsal: Rehearsal;
  try {
    await using device = await holdDevice({ task, slots: slots.slots, signal: stopping.signal, io });
    if (device === undefined) {
      complain(
        io,
        `${task.id} needs more or other slots than ${slots.slots.map(({ name }) => name).join(', ')}`,
        'name them with --slots',
      );
      return exitCode.usage;
    }
    say(
      io,
      colours.dim(`-- ${task.id} runs on ${device.info.deviceClass} (${device.info.backend}); what it says:`),
    );
    rehearsal = await rehearseJob({
      registry,
      store: debugged.store,
      job,
      inputs,
      dir,
      device: device.info,
      signal: stopping.signal,
      send: (message) => {
        if (message.kind === 'warning') tell(io, `${colours.yellow('!')} ${message.message}`);
      },
      beforeCode: waitForDebugger,
    });
  } finally {
    interrupts.drainSignal.removeEventListener('abort', stop);
    interrupts.close();
  }
  say(io, colours.dim(`-- after ${formatDuration(rehearsal.durationMs)}`));
  const code =
    rehearsal.kind === 'failed'
      ? sayFailure(rehearsal, debugged, stopping.signal.aborted, io)
      : await sayMade(rehearsal, debugged, io);
  const kept = flags.keep === true || flags.into !== undefined || code !== exitCode.done;
  if (kept) sayKept(dir, debugged, io);
  else {
    await rm(dir, { recursive: true, force: true });
    say(io, colours.dim('the folder is removed again; --keep leaves it'));
  }
  return code;
}

/** Under `node --inspect-brk`, stops where the reader wants to be: one step before the task's own code. */
function waitForDebugger(): void {
  // eslint-disable-next-line no-debugger -- it is what somebody who has attached a debugger has come for
  if (inspectorUrl() !== undefined) debugger;
}

function sayNoInputs(
  { task, run }: DebuggedTask,
  inputs: Exclude<Awaited<ReturnType<typeof layOut>>['inputs'], FetchedInputs>,
  io: Io,
): ExitCode {
  if (inputs.kind === 'store-failure') {
    complain(io, `${inputs.path}: ${inputs.detail}`);
    return exitCode.machine;
  }
  const digests = inputs.digests.map((digest) => digest.slice(0, digestShown)).join(', ');
  complain(
    io,
    `the bytes of what ${task.id} reads are not in the store any more (${digests})`,
    `make them again: sweetspot run STUDY --only ${task.id}, with the study of run ${run}`,
  );
  return exitCode.taskFailed;
}

function sayTask(
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
  for (const change of changed) for (const line of changeLines(change, 100)) say(io, `          ${line}`);
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

function sayFailure(
  { failure }: Rehearsal & { readonly kind: 'failed' },
  { task }: DebuggedTask,
  stopped: boolean,
  io: Io,
): ExitCode {
  tell(io, `${colours.red('✗')} ${colours.bold(task.id)} ${failureText(failure)}`);
  // A program that failed has said why; the stack is that of whoever started it.
  if (failure.class === 'task' && failure.detail !== undefined && task.kind !== 'command')
    tell(io, failure.detail);
  return stopped ? exitCode.interrupted : exitCode.taskFailed;
}

/** What was made, and whether it is what the run, or whoever computed the same key, had made. */
async function sayMade(
  { outputs }: Rehearsal & { readonly kind: 'made' },
  { store, recorded, keyed }: DebuggedTask,
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
  const madeOn = found.kind === 'found' ? ` (made on ${found.result.provenance.deviceClass})` : '';
  tell(
    io,
    `  the key is the same, and the bytes are not what is recorded${madeOn}: another device, or a task that is not deterministic`,
  );
  return exitCode.taskFailed;
}

function sayKept(dir: string, { task }: DebuggedTask, io: Io): void {
  const shown = shownPath(dir, io.cwd);
  say(io, `kept: ${shown}  action.json, inputs/, outputs/, scratch/`);
  if (task.kind === 'command') say(io, `the program once more, by hand: ${join(shown, 'again.sh')}`);
}
