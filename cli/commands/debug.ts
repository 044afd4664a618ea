import { url as inspectorUrl } from 'node:inspector';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { StopReason } from '../../engine/contract/task-context.ts';
import { rehearseJob } from '../../engine/worker/rehearse-job.ts';
import type { Rehearsal } from '../../engine/worker/rehearse-job.ts';
import type { Slot } from '../../engine/run/slots.ts';
import type { FetchedInputs } from '../../engine/worker/job-inputs.ts';
import type { Job } from '../../engine/worker/protocol.ts';
import { chooseBackend } from '../choose-backend.ts';
import { chooseDebugged } from '../debug/choose-task.ts';
import type { DebuggedTask } from '../debug/choose-task.ts';
import { holdDevice } from '../debug/hold-device.ts';
import { layOut, openDebugFolder } from '../debug/lay-out.ts';
import { sayFailure, sayKept, sayMade, sayNoInputs, sayTask } from '../debug/say.ts';
import { deliveredName } from '../delivered-name.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { DebugFlags } from '../flags.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { colours, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { formatDuration } from '../progress/duration.ts';
import { registry } from '../registry.ts';
import { chooseSlots } from '../slots.ts';
import { shownPath } from '../workspace.ts';

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
  const slots = await chooseSlots(flags.slots, io);
  if (slots.kind === 'exit') return slots.code;
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

  const rehearsed = await rehearse({ debugged, job, inputs, dir, slots: slots.slots, io });
  if (typeof rehearsed === 'number') return rehearsed;
  const { rehearsal, deviceClass } = rehearsed;
  say(io, colours.dim(`-- after ${formatDuration(rehearsal.durationMs)}`));
  const code =
    rehearsal.kind === 'failed'
      ? sayFailure(rehearsal, debugged, io)
      : await sayMade(rehearsal, debugged, deviceClass, io);
  const kept = flags.keep === true || flags.into !== undefined || code !== exitCode.done;
  if (kept) sayKept(dir, debugged, io);
  else {
    await rm(dir, { recursive: true, force: true });
    say(io, colours.dim('the folder is removed again; --keep leaves it'));
  }
  return code;
}

/** Runs the code on a device that is held for it; an exit code where it cannot be, or Ctrl-C came first. */
async function rehearse(request: {
  readonly debugged: DebuggedTask;
  readonly job: Job;
  readonly inputs: FetchedInputs;
  readonly dir: string;
  readonly slots: readonly Slot[];
  readonly io: Io;
}): Promise<{ readonly rehearsal: Rehearsal; readonly deviceClass: string } | ExitCode> {
  const { debugged, job, inputs, dir, slots, io } = request;
  const { task, store } = debugged;
  const stopping = new AbortController();
  const { signal } = stopping;
  const interrupts = listenForInterrupts();
  interrupts.drainSignal.addEventListener('abort', () =>
    stopping.abort({ kind: 'stopped' } satisfies StopReason),
  );
  try {
    const held = await holdDevice({ task, slots, signal, io });
    if (held === 'stopped') return exitCode.interrupted;
    if (held === 'too-few') {
      complain(
        io,
        `${task.id} needs more or other slots than ${slots.map(({ name }) => name).join(', ')}`,
        'name them with --slots',
      );
      return exitCode.usage;
    }
    await using device = held;
    const { info } = device;
    say(io, colours.dim(`-- ${task.id} runs on ${info.deviceClass} (${info.backend}); what it says:`));
    const rehearsal = await rehearseJob({
      registry,
      store,
      job,
      inputs,
      dir,
      device: info,
      signal,
      send: (message) => {
        if (message.kind === 'warning') tell(io, `${colours.yellow('!')} ${message.message}`);
      },
      beforeCode: waitForDebugger,
    });
    return { rehearsal, deviceClass: info.deviceClass };
  } finally {
    interrupts.close();
  }
}

/** Under `node --inspect-brk`, stops where the reader wants to be: one step before the task's own code. */
function waitForDebugger(): void {
  // eslint-disable-next-line no-debugger -- it is what somebody who has attached a debugger has come for
  if (inspectorUrl() !== undefined) debugger;
}
