import type { Store } from '../../cache/store.ts';
import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { withProducers } from '../../engine/plan/graph.ts';
import type { PlannedTask } from '../../engine/plan/plan.ts';
import type { Outputs } from '../../engine/run/events.ts';
import { impossibleResources } from '../../engine/run/check-resources.ts';
import { runPlan } from '../../engine/run/run-plan.ts';
import type { RunSummary } from '../../engine/run/run-plan.ts';
import { nativeStatus } from '../../vision/tensors/native/status.ts';
import { choosePlanned } from '../choose-planned.ts';
import { deliver } from '../deliver.ts';
import type { Delivered, DeliveredFile } from '../deliver.ts';
import { fullDisks } from '../../cache/full-disks.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { colours, complain, say, tell } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare, sayDiagnostics } from '../prepare.ts';
import type { Prepared } from '../prepare.ts';
import type { RunFlags } from '../flags.ts';
import { formatBytes, formatDuration, plural } from '../progress/duration.ts';
import { failureText } from '../progress/event-line.ts';
import { jsonReporter, plainReporter } from '../progress/reporter.ts';
import type { Reporter } from '../progress/reporter.ts';
import { terminalReporter } from '../progress/terminal.ts';
import { expectedDurations } from '../progress/expected-durations.ts';
import { TimeLeft } from '../progress/time-left.ts';
import { chooseSlots } from '../slots.ts';
import { workerEntry } from '../worker-entry.ts';
import { shownPath } from '../workspace.ts';
import { planCommand } from './plan.ts';

const backendNames: readonly string[] = ['tensorflow', 'wasm', 'cpu'];

/** How many delivered paths are printed. */
const mostPaths = 12;

/** Runs a study to its report. */
export async function runCommand(request: {
  readonly file: string;
  readonly flags: RunFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { file, flags, io } = request;
  if (flags.dryRun === true) return planCommand({ file, flags, io });
  const ready = await prepare({ file, flags, io });
  if (ready.kind === 'exit') return ready.code;
  const slots = await chooseSlots(flags.slots);
  if (slots.kind === 'invalid') {
    complain(io, `--slots: ${slots.message}`);
    return exitCode.usage;
  }
  const impossible = impossibleResources(ready.plan, {
    slots: slots.slots,
    cores: availableParallelism(),
    memoryBytes: totalmem(),
  });
  if (impossible.length > 0) {
    sayDiagnostics(impossible, ready.sources, io);
    return exitCode.usage;
  }
  const only = choosePlanned({ plan: ready.plan, only: flags.only, io });
  if (only === 'unmatched') return exitCode.usage;
  const wanted = withProducers(ready.plan, only ?? ready.plan.tasks.keys());
  const tasks = [...ready.plan.tasks.values()].filter((task) => wanted.has(task.id));
  const computes = tasks.some(({ resources }) => resources.slots > 0 || (resources.gpu ?? 0) > 0);
  if (!chooseBackend({ asked: flags.backend, computes, io })) return exitCode.usage;

  const reporter = await reporterFor({
    tasks: tasks,
    store: ready.store,
    deviceClass: slots.slots[0]?.deviceClass ?? '',
    flags,
    io,
  });
  const interrupts = listenForInterrupts();
  const outDir = outDirOf(ready, flags, io);
  let summary: RunSummary;
  let delivery: Delivered = { files: [], lost: [], problems: [] };
  try {
    summary = await runPlan({
      plan: ready.plan,
      registry: ready.registry,
      store: ready.store,
      workerEntry: workerEntry(),
      slots: slots.slots,
      ...(only === undefined ? {} : { only }),
      failFast: flags.failFast === true,
      drainSignal: interrupts.drainSignal,
      stopSignal: interrupts.stopSignal,
      sources: [...ready.sources].map(([path, text]) => ({ file: path, text })),
      onEvent: (event) => reporter.onEvent(event),
      takeOutputs: async (results) => {
        delivery = await deliver({ ...ready, results: outputsOf(results), outDir });
        return delivery.lost;
      },
    });
  } finally {
    interrupts.close();
    reporter.close();
  }
  return conclude({ ready, summary, delivery, flags, io });
}

function outDirOf({ plan, workspace }: Prepared, flags: RunFlags, io: Io): string {
  const name = plan.smoke ? `${plan.study}-smoke` : plan.study;
  return flags.out === undefined ? join(workspace.outDir, name) : resolve(io.cwd, flags.out);
}

function outputsOf(results: RunSummary['results']): ReadonlyMap<string, Outputs> {
  const outputs = new Map<string, Outputs>();
  for (const [id, result] of results)
    if (result.kind === 'done' || result.kind === 'cached') outputs.set(id, result.outputs);
  return outputs;
}

async function conclude(request: {
  readonly ready: Prepared;
  readonly summary: RunSummary;
  readonly delivery: Delivered;
  readonly flags: RunFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { ready, summary, delivery, flags, io } = request;
  if (flags.json !== true) printSummary({ ready, summary, files: delivery.files, io });
  const problems = [
    ...delivery.problems,
    ...delivery.lost.map(({ task, message }) => `${task}: ${message}, and still not there`),
  ];
  for (const problem of problems)
    complain(io, problem, 'the results are in the cache; run again to have them copied');
  if (summary.outcome === 'machine' || problems.length > 0)
    await adviseOnDisks(ready, outDirOf(ready, flags, io), io);
  switch (summary.outcome) {
    case 'done':
      return problems.length === 0 ? exitCode.done : exitCode.machine;
    case 'failed':
      return exitCode.taskFailed;
    case 'machine':
      return exitCode.machine;
    case 'interrupted':
      return exitCode.interrupted;
  }
}

/** What to do where the machine stopped the run: a full disk is named with its path. */
async function adviseOnDisks(ready: Prepared, outDir: string, io: Io): Promise<void> {
  for (const { path, freeBytes } of await fullDisks([ready.store.root, outDir, tmpdir()]))
    complain(
      io,
      `the disk of ${path} is full: ${formatBytes(freeBytes)} left`,
      'make room there (`sweetspot cache gc` removes what no recent run needs), or name another folder',
    );
  tell(io, 'then run the same command again: what is finished is kept');
}

function printSummary(request: {
  readonly ready: Prepared;
  readonly summary: RunSummary;
  readonly files: readonly DeliveredFile[];
  readonly io: Io;
}): void {
  const { ready, summary, files, io } = request;
  const { counts } = summary;
  const wanted = counts.done + counts.cached + counts.failed + counts.blocked + counts.notRun;
  const mark = summary.outcome === 'done' ? colours.green('✓') : colours.red('✗');
  const parts = [
    `${counts.done} run`,
    `${counts.cached} cached`,
    counts.failed > 0 ? colours.red(`${counts.failed} failed`) : '',
    counts.blocked > 0 ? colours.yellow(`${counts.blocked} blocked`) : '',
    counts.notRun > 0 ? `${counts.notRun} not run` : '',
  ].filter((part) => part !== '');
  for (const [id, result] of summary.results) {
    if (result.kind !== 'failed') continue;
    tell(io, `${colours.red('✗')} ${id}: ${failureText(result.failure)}`);
    tell(io, `  ${colours.dim(`more: sweetspot log ${id}`)}`);
  }
  say(
    io,
    `${mark} ${colours.bold(ready.plan.study)}: ${plural(wanted, 'task')}, ${parts.join(', ')}, ${formatDuration(summary.durationMs)}`,
  );
  for (const { path, address } of files.slice(0, mostPaths))
    say(io, `  ${shownPath(path, io.cwd)}${address === undefined ? '' : `  (of ${address})`}`);
  if (files.length > mostPaths) say(io, `  … and ${files.length - mostPaths} more beside them`);
  if (summary.outcome === 'interrupted') say(io, '  run the same command again to go on where it stopped');
}

/** Workers read the backend from the environment. Without TensorFlow, says in one line what that costs. */
function chooseBackend(request: {
  readonly asked: string | undefined;
  /** Whether any task needs a backend at all. */
  readonly computes: boolean;
  readonly io: Io;
}): boolean {
  const { computes, io } = request;
  const native = nativeStatus();
  const asked = request.asked ?? io.env['SWEETSPOT_BACKEND'] ?? '';
  if (asked !== '' && !backendNames.includes(asked)) {
    complain(io, `SWEETSPOT_BACKEND: there is no backend '${asked}'`, backendNames.join(', '));
    return false;
  }
  if (asked === 'tensorflow' && native.kind === 'missing') {
    complain(
      io,
      `the tensorflow backend is not available: ${native.reason}`,
      `${native.hint}, or --backend wasm`,
    );
    return false;
  }
  if (asked !== '') process.env['SWEETSPOT_BACKEND'] = asked;
  else if (native.kind === 'missing' && computes) {
    tell(
      io,
      `${colours.yellow('!')} computing with WebAssembly, several times slower than TensorFlow: ${native.reason} (${native.hint})`,
    );
  }
  return true;
}

async function reporterFor(request: {
  readonly tasks: readonly PlannedTask[];
  readonly store: Store;
  readonly deviceClass: string;
  readonly flags: RunFlags;
  readonly io: Io;
}): Promise<Reporter> {
  const { tasks, flags, io } = request;
  if (flags.json === true) return jsonReporter((line) => say(io, line));
  if (!io.err.isTTY || io.env['TERM'] === 'dumb') return plainReporter((line) => say(io, line));
  const expected = await expectedDurations(request.store, tasks, request.deviceClass);
  return terminalReporter({ io, timeLeft: new TimeLeft(tasks, expected) });
}
