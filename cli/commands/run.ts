import { availableParallelism, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import colours from 'picocolors';
import { matchTasks } from '../../engine/plan/address.ts';
import type { TaskId } from '../../engine/plan/plan.ts';
import type { Outputs } from '../../engine/run/events.ts';
import { impossibleResources } from '../../engine/run/check-resources.ts';
import { runPlan } from '../../engine/run/run-plan.ts';
import type { RunSummary } from '../../engine/run/run-plan.ts';
import { nativeStatus } from '../../vision/tensors/native/status.ts';
import { deliver } from '../deliver.ts';
import { exitCode } from '../exit-codes.ts';
import type { ExitCode } from '../exit-codes.ts';
import { listenForInterrupts } from '../interrupts.ts';
import { complain, say } from '../io.ts';
import type { Io } from '../io.ts';
import { prepare, sayDiagnostics } from '../prepare.ts';
import type { Prepared } from '../prepare.ts';
import type { RunFlags } from '../flags.ts';
import { formatDuration, plural } from '../progress/duration.ts';
import { failureText } from '../progress/event-line.ts';
import { jsonReporter, plainReporter } from '../progress/reporter.ts';
import type { Reporter } from '../progress/reporter.ts';
import { terminalReporter } from '../progress/terminal.ts';
import { TimeLeft } from '../progress/time-left.ts';
import { chooseSlots } from '../slots.ts';
import { shownPath } from '../workspace.ts';
import { planCommand } from './plan.ts';

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
  const only = selectTasks(ready, flags.only, io);
  if (only === 'unmatched') return exitCode.usage;
  if (!chooseBackend(flags.backend, io)) return exitCode.usage;

  const reporter = reporterFor(ready, flags, io);
  const interrupts = listenForInterrupts();
  let summary: RunSummary;
  try {
    summary = await runPlan({
      plan: ready.plan,
      registry: ready.registry,
      store: ready.store,
      workerEntry: new URL(
        import.meta.url.endsWith('.ts') ? '../worker.ts' : '../worker.js',
        import.meta.url,
      ),
      slots: slots.slots,
      ...(only === undefined ? {} : { only }),
      failFast: flags.failFast === true,
      drainSignal: interrupts.drainSignal,
      stopSignal: interrupts.stopSignal,
      sources: [...ready.sources].map(([path, text]) => ({ file: path, text })),
      onEvent: (event) => reporter.onEvent(event),
    });
  } finally {
    interrupts.close();
    reporter.close();
  }
  return conclude({ ready, summary, flags, io });
}

async function conclude(request: {
  readonly ready: Prepared;
  readonly summary: RunSummary;
  readonly flags: RunFlags;
  readonly io: Io;
}): Promise<ExitCode> {
  const { ready, summary, flags, io } = request;
  const results = new Map<string, Outputs>();
  for (const [id, result] of summary.results)
    if (result.kind === 'done' || result.kind === 'cached') results.set(id, result.outputs);
  const name = ready.plan.smoke ? `${ready.plan.study}-smoke` : ready.plan.study;
  const outDir = flags.out === undefined ? join(ready.workspace.outDir, name) : resolve(io.cwd, flags.out);
  const delivery = await deliver({
    plan: ready.plan,
    registry: ready.registry,
    store: ready.store,
    results,
    outDir,
  });
  if (flags.json !== true) printSummary({ ready, summary, paths: delivery.paths, io });
  for (const problem of delivery.problems)
    complain(io, problem, 'the results are in the cache; run again to have them copied');
  switch (summary.outcome) {
    case 'done':
      return delivery.problems.length === 0 ? exitCode.done : exitCode.machine;
    case 'failed':
      return exitCode.taskFailed;
    case 'machine':
      return exitCode.machine;
    case 'interrupted':
      return exitCode.interrupted;
  }
}

function printSummary(request: {
  readonly ready: Prepared;
  readonly summary: RunSummary;
  readonly paths: readonly string[];
  readonly io: Io;
}): void {
  const { ready, summary, paths, io } = request;
  const { counts } = summary;
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
    io.err.write(
      `${colours.red('✗')} ${id}: ${failureText(result.failure)}\n  ${colours.dim(`more: sweetspot log ${id}`)}\n`,
    );
  }
  say(
    io,
    `${mark} ${colours.bold(ready.plan.study)}: ${plural(ready.plan.tasks.size, 'task')}, ${parts.join(', ')}, ${formatDuration(summary.durationMs)}`,
  );
  for (const path of paths) say(io, `  ${shownPath(path, io.cwd)}`);
  if (summary.outcome === 'interrupted') say(io, '  run the same command again to go on where it stopped');
}

function selectTasks(
  ready: Prepared,
  addresses: readonly string[],
  io: Io,
): ReadonlySet<TaskId> | undefined | 'unmatched' {
  if (addresses.length === 0) return undefined;
  const chosen = new Set<TaskId>();
  let unmatched = false;
  for (const address of addresses) {
    const match = matchTasks(ready.plan, address);
    if (match.kind === 'matched') for (const task of match.tasks) chosen.add(task.id);
    else {
      complain(io, `--only ${address}: ${match.message}`, match.hint);
      unmatched = true;
    }
  }
  return unmatched ? 'unmatched' : chosen;
}

/** Workers read the backend from the environment. Without TensorFlow, says in one line what that costs. */
function chooseBackend(wanted: string | undefined, io: Io): boolean {
  const native = nativeStatus();
  const asked = wanted ?? io.env['SWEETSPOT_BACKEND'] ?? '';
  if (asked === 'tensorflow' && native.kind === 'missing') {
    complain(
      io,
      `the tensorflow backend is not available: ${native.reason}`,
      `${native.hint}, or --backend wasm`,
    );
    return false;
  }
  if (asked !== '') process.env['SWEETSPOT_BACKEND'] = asked;
  else if (native.kind === 'missing') {
    io.err.write(
      `${colours.yellow('!')} computing with WebAssembly, several times slower than TensorFlow: ${native.reason} (${native.hint})\n`,
    );
  }
  return true;
}

function reporterFor(ready: Prepared, flags: RunFlags, io: Io): Reporter {
  if (flags.json === true) return jsonReporter((line) => say(io, line));
  if (!io.err.isTTY || io.env['TERM'] === 'dumb') return plainReporter((line) => say(io, line));
  return terminalReporter({ stream: io.err, timeLeft: new TimeLeft(ready.plan, new Map()) });
}
