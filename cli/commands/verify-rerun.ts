import { availableParallelism, totalmem } from 'node:os';
import type { TaskId } from '../../engine/plan/plan.ts';
import { impossibleResources } from '../../engine/run/check-resources.ts';
import { rerunTasks } from '../../engine/run/rerun.ts';
import type { Slot } from '../../engine/run/slots.ts';
import { chooseBackend } from '../choose-backend.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import type { RerunFlags } from '../flags.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { colours, complain, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { plural } from '../progress/duration.ts';
import { prepare, sayDiagnostics } from '../prepare.ts';
import type { Prepared } from '../prepare.ts';
import { chooseRerun } from '../rerun/choose-rerun.ts';
import type { ChosenReruns } from '../rerun/choose-rerun.ts';
import { rerunCode, rerunDocument } from '../rerun/document.ts';
import { sayOutcome, sayRerun } from '../rerun/say.ts';
import { sayDocument } from '../say-json.ts';
import { chooseSlots } from '../slots.ts';
import { commandIn } from '../study-record/recorded-command.ts';
import { workerEntry } from '../worker-entry.ts';

/** Runs tasks again though their results stand, and says which come out otherwise. Publishes nothing. */
export async function verifyRerunCommand(request: {
  readonly file: string | undefined;
  readonly addresses: readonly string[];
  readonly flags: RerunFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, addresses, flags, io } = request;
  const sample = flags.sample === undefined ? undefined : Number(flags.sample);
  if (file === undefined) {
    complain(io, '--rerun needs a study', 'sweetspot cache verify --rerun STUDY [ADDRESS…]');
    return exitCode.usage;
  }
  if (sample !== undefined && (!Number.isInteger(sample) || sample < 1)) {
    complain(io, `--sample '${flags.sample ?? ''}' is not a count`, 'e.g. --sample 20');
    return exitCode.usage;
  }
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  const slots = await chooseSlots(flags.slots, io);
  if (slots.kind === 'exit') return slots.code;
  const chosen = await chooseRerun({ ready, addresses, sample, io });
  if (chosen.kind === 'exit') return chosen.code;
  if (!canRun(ready, chosen, { slots: slots.slots, flags, io })) return exitCode.usage;
  return rerun({ ready, chosen, slots: slots.slots, io });
}

/** Whether this machine has what the tasks ask for; says what it lacks. */
function canRun(
  { plan, sources }: Prepared,
  { tasks }: ChosenReruns,
  { slots, flags, io }: { readonly slots: readonly Slot[]; readonly flags: RerunFlags; readonly io: Io },
): boolean {
  const planned = new Map(
    tasks.flatMap((id) => {
      const task = plan.tasks.get(id);
      return task === undefined ? [] : [[id, task] as const];
    }),
  );
  const machine = { slots, cores: availableParallelism(), memoryBytes: totalmem() };
  const impossible = impossibleResources({ ...plan, tasks: planned }, machine);
  if (impossible.length > 0) {
    sayDiagnostics(impossible, sources, io);
    return false;
  }
  const computes = [...planned.values()].some(
    ({ resources: { slots: some, gpu } }) => some > 0 || (gpu ?? 0) > 0,
  );
  return chooseBackend({ asked: flags.backend, computes, io });
}

async function rerun(request: {
  readonly ready: Prepared;
  readonly chosen: ChosenReruns;
  readonly slots: readonly Slot[];
  readonly io: Io;
}): Promise<ExitCode> {
  const { ready, chosen, slots, io } = request;
  const { tasks, standing } = chosen;
  const study = commandIn(io.cwd, ready);
  tell(io, colours.dim(`running ${plural(tasks.length, 'task')} again; nothing is published`));
  const interrupts = listenForInterrupts();
  interrupts.drainSignal.addEventListener('abort', () =>
    tell(io, 'draining: what runs finishes, nothing new starts. Ctrl-C again stops it.'),
  );
  try {
    const reruns = await rerunTasks({
      ...ready,
      workerEntry: workerEntry(),
      slots,
      tasks,
      standing,
      keyer: chosen.keyer,
      drainSignal: interrupts.drainSignal,
      stopSignal: interrupts.stopSignal,
      onRerun: (task: TaskId, result) => {
        if (io.json !== true) sayRerun({ task, result, madeOn: standing.get(task)?.madeOn, study }, io);
      },
      onWarning: (message) => tell(io, `${colours.yellow('!')} ${message}`),
    });
    const document = rerunDocument({ ready, chosen, reruns });
    if (io.json === true) sayDocument(io, document);
    else sayOutcome(document, io);
    return interrupts.drainSignal.aborted && document.counts.notRun > 0
      ? exitCode.interrupted
      : rerunCode(document);
  } finally {
    interrupts.close();
  }
}
