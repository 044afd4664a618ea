import { availableParallelism, totalmem } from 'node:os';
import type { Store } from '../cache/store.ts';
import type { StandingResult } from '../engine/lock/make-lock.ts';
import { withProducers } from '../engine/plan/graph.ts';
import type { TaskId } from '../engine/plan/plan.ts';
import type { RecordedRun } from '../engine/contract/study-record.ts';
import type { TaskResult } from '../engine/run/board.ts';
import type { Outputs, RunEvent } from '../engine/run/events.ts';
import { impossibleResources } from '../engine/run/check-resources.ts';
import { runPlan } from '../engine/run/run-plan.ts';
import type { RunSummary } from '../engine/run/run-plan.ts';
import { chooseBackend } from './choose-backend.ts';
import { choosePlanned } from './choose-planned.ts';
import { conclude } from './conclude.ts';
import { deliver } from './deliver.ts';
import type { Delivered } from './deliver.ts';
import { exitCode } from './exit-codes.ts';
import type { ExitCode } from './exit-codes.ts';
import { outDirOf } from './out-dir.ts';
import { rememberSettled } from './settled-study.ts';
import { listenForInterrupts } from './interrupts.ts';
import { complain } from './io.ts';
import type { Io } from './io.ts';
import { reportEvery } from './report-now/report-every.ts';
import { parseDuration } from '../engine/study/units-of-measure.ts';
import { compareAfter, compareBefore, lockResults, mismatchOf } from './locked-run.ts';
import { prepare, sayDiagnostics } from './prepare.ts';
import type { RunFlags } from './flags.ts';
import { chooseReporter } from './progress/choose-reporter.ts';
import { choosePlace } from './choose-place.ts';
import { warnOfQuota } from './quota.ts';
import { RunUploads } from './remotes/run-uploads.ts';
import { Dresser } from './study-record/dresser.ts';
import type { RecordedStudy } from './study-record/study-recorder.ts';
import { workerEntry } from './worker-entry.ts';

/** Plans a study and runs it to its report. `notes`: what was noticed before. */
export async function runStudy(request: {
  readonly file: string;
  readonly flags: RunFlags;
  readonly io: Io;
  readonly notes: readonly string[];
}): Promise<ExitCode> {
  const { file, flags, io, notes } = request;
  const everyMs = flags.reportEvery === undefined ? undefined : parseDuration(flags.reportEvery);
  if (flags.reportEvery !== undefined && (everyMs === undefined || everyMs < 1000)) {
    complain(
      io,
      `--report-every ${flags.reportEvery} is no time of a second or more`,
      'e.g. 10m, 90s, 1h30m',
    );
    return exitCode.usage;
  }
  const ready = await prepare({ file, flags, io, quietOnDamage: true, quietOnAbsence: true });
  if (ready.kind === 'exit') return ready.code;
  const place = await choosePlace({ flags, workspace: ready.workspace, io });
  if (place.kind === 'exit') return place.code;
  const { slots } = place;
  // What a cluster has, its queue knows.
  const impossible =
    place.openRunner !== undefined
      ? []
      : impossibleResources(ready.plan, {
          slots,
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
  const computesHere = computes && place.openRunner === undefined;
  if (!chooseBackend({ asked: flags.backend, computes: computesHere, io })) return exitCode.usage;

  if (flags.detach === true) {
    if (place.openRunner !== undefined)
      return (await import('./detached-run.ts')).detachRun({ ready, flags, io });
    complain(
      io,
      '--detach puts the driver into a job of a cluster, and the tasks compute on this machine',
      'with --executor slurm they are jobs, too; here, tmux or nohup outlive a terminal',
    );
    return exitCode.usage;
  }
  const detached =
    place.openRunner === undefined ? undefined : (await import('./detached-run.ts')).detachedHere(io.env);
  const locked = flags.locked === true ? await compareBefore({ ready, wanted, io }) : undefined;
  if (locked?.kind === 'exit') return locked.code;

  const reporter = chooseReporter({
    plan: ready.plan,
    tasks,
    store: ready.store,
    deviceClass: slots[0]?.deviceClass ?? '',
    flags,
    io,
  });
  const interrupts = listenForInterrupts({ isDetached: detached !== undefined });
  const refresher = everyMs === undefined ? undefined : reportEvery({ everyMs, file, flags, io });
  interrupts.stopSignal.addEventListener('abort', () => reporter.stopping?.());
  const uploads = new RunUploads({ tiers: ready.tiers, study: file, io });
  const outDir = outDirOf({ ...ready, study: ready.plan.study, flags, io });
  let began: (RunEvent & { readonly kind: 'run-started' }) | undefined;
  let summary: RunSummary;
  let delivery: Delivered = { files: [], lost: [], problems: [], warnings: [], seal: undefined };
  try {
    summary = await runPlan({
      plan: ready.plan,
      registry: ready.registry,
      store: ready.store,
      member: ready.workspace.member,
      workerEntry: workerEntry(),
      slots,
      ...(place.openRunner === undefined ? {} : { openRunner: place.openRunner }),
      ...(only === undefined ? {} : { only }),
      failFast: flags.failFast === true,
      notes: [...notes, ...ready.assumed, ...saidOfReading(ready.store)],
      ...(ready.tiers === undefined ? {} : { listenForTroubles: ready.tiers.troubles.listen }),
      drainSignal: interrupts.drainSignal,
      stopSignal: interrupts.stopSignal,
      leaveSignal: interrupts.leaveSignal,
      detached,
      sources: [...ready.sources].map(([path, text]) => ({ file: path, text })),
      onEvent: (event) => {
        if (event.kind === 'run-started') began = event;
        reporter.onEvent(event);
        uploads.onEvent(event);
        const mismatch = locked && mismatchOf(event, locked.comparing);
        if (mismatch !== undefined) reporter.onEvent(mismatch);
      },
      takeOutputs: async (results) => {
        // An unfinished page must not come to lie over the finished one.
        await refresher?.stop();
        const dresser = new Dresser({
          ...ready,
          standing: (task) => standingIn(results.get(task)),
          run: began && recordedSoFar(began),
        });
        delivery = await deliver({ ...ready, results: outputsOf(results), outDir, dresser });
        return delivery.lost;
      },
    });
  } finally {
    await refresher?.stop();
    interrupts.close();
    reporter.close();
  }
  const code = await conclude({
    study: ready.plan.study,
    store: ready.store,
    summary,
    delivery,
    outDir,
    flags,
    painted: reporter.painted === true,
    io,
  });
  await uploads.finish({ hurried: code === exitCode.interrupted });
  if (summary.counts.done > 0) await warnOfQuota(ready.store, io);
  // What was delivered, and could not be recorded or be dressed, has to be looked at again.
  const isRecorded =
    delivery.warnings.length === 0 && (delivery.seal !== undefined || delivery.files.length === 0);
  if (code === exitCode.done && !computes && isRecorded)
    rememberSettled({ ready, file, flags, io, summary, delivered: delivery.seal });
  const results = standingOf(summary);
  const compared = locked === undefined ? exitCode.done : await compareAfter({ ...locked, results, io });
  const written =
    flags.writeLock !== true || code !== exitCode.done
      ? exitCode.done
      : await lockResults({ ready, results, io });
  return code === exitCode.done ? (compared === exitCode.done ? written : compared) : code;
}

function standingOf({ results }: RunSummary): ReadonlyMap<TaskId, StandingResult> {
  const standing = new Map<TaskId, StandingResult>();
  for (const [id, result] of results) if ('outputs' in result) standing.set(id, result);
  return standing;
}

function standingIn(result: TaskResult | undefined): ReturnType<RecordedStudy['standing']> {
  return result !== undefined && 'key' in result
    ? { key: result.key, isNew: result.kind === 'done' }
    : undefined;
}

function recordedSoFar({ run, at, slots }: RunEvent & { readonly kind: 'run-started' }): RecordedRun {
  return { run, startedAt: at, durationMs: Math.max(0, Date.now() - Date.parse(at)), slots };
}

function outputsOf(results: RunSummary['results']): ReadonlyMap<string, Outputs> {
  const outputs = new Map<string, Outputs>();
  for (const [id, result] of results)
    if (result.kind === 'done' || result.kind === 'cached') outputs.set(id, result.outputs);
  return outputs;
}

/** Whoever only reads a store is told where what it lacks goes. */
function saidOfReading({ root, below }: Store): readonly string[] {
  return below === undefined ? [] : [`${below} is only read; what it lacks is stored in ${root}`];
}
