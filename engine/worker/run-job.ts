import { writeFile } from 'node:fs/promises';
import type { ActionResult } from '../../cache/action-store.ts';
import type { Digest } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import { guarded } from '../../cache/system-error.ts';
import type { Registry } from '../contract/registry.ts';
import type { DeviceInfo, StopReason } from '../contract/task-context.ts';
import type { TaskKind } from '../contract/task-kind.ts';
import type { Outputs, TaskFailure } from '../run/events.ts';
import { findChangedFile } from './data-unchanged.ts';
import { endProgramsIn } from './end-programs.ts';
import { failureOf, machineFailure, orFullDisk, stoppedFailure } from './failures.ts';
import { JobGuard } from './job-guard.ts';
import type { JobFolder, JobFolders } from './job-folders.ts';
import { fetchInputs } from './job-inputs.ts';
import type { FetchedInputs } from './job-inputs.ts';
import type { FromWorker, Job } from './protocol.ts';
import { checkOutputs, outputPortsOf, storeOutputs } from './store-outputs.ts';
import { openContext } from './task-context.ts';
import type { OpenedContext } from './task-context.ts';
import type { ProcessOutput } from './task-output.ts';
import { findBrokenPromises } from './verify-facts.ts';
import { sweepWork } from './work-folders.ts';
import { isWorthSyncing } from './worth-syncing.ts';

/** How much of a failed task's log goes into its failure. */
const linesOfLogShown = 15;

/** What a worker has at hand for every job. */
export interface Workplace {
  readonly registry: Registry;
  readonly store: Store;
  readonly device: DeviceInfo;
  /** Of the backend and its parts, for provenance. */
  readonly versions: { readonly [component: string]: string };
  readonly output: ProcessOutput;
  readonly folders: JobFolders;
  readonly send: (message: FromWorker) => void;
}

/** The one message that ends a job. */
export type Ending = Extract<
  FromWorker,
  { readonly kind: 'found' | 'held' | 'inputs-missing' | 'done' | 'compared' | 'failed' }
>;

interface Attempt extends Workplace {
  readonly job: Job;
  readonly kind: TaskKind;
  readonly folder: JobFolder;
  readonly signal: AbortSignal;
  readonly stop: AbortController;
}

/** Claim, look again, fetch, run, check, store, record. */
export async function runJob(workplace: Workplace, job: Job, stop: AbortController): Promise<Ending> {
  const { signal } = stop;
  const { registry, store } = workplace;
  const kind = registry.kinds.find((each) => each.kind === job.kind);
  if (kind === undefined) throw new Error(`the worker's registry has no task kind '${job.kind}'`);

  if (signal.aborted) return failed(job, stoppedFailure(signal.reason as StopReason));
  const claimed = await store.claims.acquire(job.key, { signal });
  if (claimed.kind === 'store-failure') return failed(job, machineFailure(claimed));
  if (claimed.kind === 'held') {
    const { host, pid, job: inJob } = claimed.owner;
    const where = inJob === undefined ? `process ${pid}` : `job ${inJob}`;
    return { kind: 'held', task: job.task, owner: `${host}, ${where}` };
  }
  try {
    // Taken over: what the owner before us had started may still run, and must not run twice at a time.
    if (claimed.claim.tookOver) await sweepWork(store.root);
    return await runInFolder(workplace, { job, kind, signal, stop });
  } finally {
    await claimed.claim.release();
  }
}

async function runInFolder(
  workplace: Workplace,
  parts: Pick<Attempt, 'job' | 'kind' | 'signal' | 'stop'>,
): Promise<Ending> {
  const { folders } = workplace;
  const hasInputs = Object.values(parts.job.inputs).some(({ kind }) => kind !== 'data');
  const folder = await folders.begin({ hasInputs });
  let ending: Ending | undefined;
  try {
    ending = await runClaimed({ ...workplace, ...parts, folder });
    return ending;
  } finally {
    const names = Object.keys(outputPortsOf(parts.kind, parts.job.options));
    folders.end(folder, ending?.kind === 'done' ? { names } : undefined);
  }
}

async function runClaimed(attempt: Attempt): Promise<Ending> {
  const { job, store, folder, signal, output, send } = attempt;
  if (!job.again) {
    const standing = await store.actions.get(job.key, { anew: true });
    if (standing.kind === 'store-failure') return failed(job, machineFailure(standing));
    if (standing.kind === 'found') {
      return { kind: 'found', task: job.task, outputs: standing.result.outputs };
    }
  }
  const inputs = await fetchInputs(job, store, folder.inputs);
  if (inputs.kind === 'store-failure') return failed(job, machineFailure(inputs));
  if (inputs.kind === 'inputs-missing') {
    for (const path of inputs.movedTo) {
      const message = `an input was damaged in the store; moved to ${path}, and made again`;
      send({ kind: 'warning', task: job.task, message });
    }
    return { kind: 'inputs-missing', task: job.task, digests: inputs.digests };
  }
  if (signal.aborted) return failed(job, stoppedFailure(signal.reason as StopReason));

  output.begin();
  const startedAt = new Date();
  const began = performance.now();
  const ending = await runAndStore(attempt, inputs, () => performance.now() - began);
  const durationMs = performance.now() - began;
  const log = await output.end();
  const words = withStack(log, ending);
  if (words !== '') {
    const kept = await guarded(job.logFile, () => writeFile(job.logFile, words));
    if (kept !== undefined) return failed(job, machineFailure(kept));
  }
  if (ending.kind === 'failed') return failed(job, withLastWords(ending.failure, log));
  return record(attempt, { ...ending, startedAt, durationMs, log });
}

/** The log, and below it the stack of what the task threw: `sweetspot log` is where one looks for it. */
function withStack(log: string, ending: RunEnding): string {
  if (ending.kind !== 'failed' || ending.failure.class !== 'task') return log;
  const { detail } = ending.failure;
  return detail === undefined ? log : `${log}${log === '' || log.endsWith('\n') ? '' : '\n'}${detail}\n`;
}

/** A program that fails says why in its output, not in what it returns. */
export function withLastWords(failure: TaskFailure, log: string): TaskFailure {
  if (failure.class !== 'task' || log === '') return failure;
  return { ...failure, lastWords: log.trimEnd().split('\n').slice(-linesOfLogShown).join('\n') };
}

type RunEnding =
  | { readonly kind: 'stored'; readonly outputs: Outputs; readonly synced: boolean }
  | { readonly kind: 'failed'; readonly failure: TaskFailure };

async function runAndStore(
  attempt: Attempt,
  inputs: FetchedInputs,
  passedMs: () => number,
): Promise<RunEnding> {
  const { job, kind, registry, store, folder, folders, device, signal, output, send } = attempt;
  const ports = outputPortsOf(kind, job.options);
  const newest = await store.snapshots.newest(job.key, (movedTo) => {
    const message = `a snapshot was damaged and moved to ${movedTo}; going on from an older one, or from the start`;
    send({ kind: 'warning', task: job.task, message });
  });
  const outputDirs = new Map(Object.keys(ports).map((name) => [name, folders.output(folder, name)]));
  const opened = openContext({
    job,
    inputs,
    store,
    newestSnapshot: newest?.dir,
    outputDirs,
    scratchDir: folder.scratch,
    device,
    signal,
    send,
  });
  send({ kind: 'started', task: job.task, resumed: newest !== undefined, outputFrom: output.from });
  const failure = await runGuarded(attempt, opened);
  if (failure !== undefined) return { kind: 'failed', failure: await orFullDisk(failure, folder.scratch) };

  const problems = [
    ...(await checkOutputs(ports, outputDirs, registry)),
    ...findBrokenPromises(job.promised, opened.statedFacts),
  ];
  if (problems.length > 0) {
    const problem: TaskFailure = { class: 'task', message: problems.join('; ') };
    return { kind: 'failed', failure: await orFullDisk(problem, folder.scratch) };
  }
  const changed = await findChangedFile(inputs.data.values());
  if (changed !== undefined) {
    const message = `${changed} was changed while the task ran: its result is withheld`;
    return { kind: 'failed', failure: { class: 'data-changed', message } };
  }
  const synced = isWorthSyncing({ passedMs: passedMs(), resumed: newest !== undefined });
  const stored = await storeOutputs(outputDirs, store, { synced });
  return stored.kind === 'stored' ? { ...stored, synced } : stored;
}

/** The task's own code, within the limits that the study sets. */
async function runGuarded(attempt: Attempt, { context }: OpenedContext): Promise<TaskFailure | undefined> {
  const { job, kind, folder, output, signal, stop, send } = attempt;
  using guard = new JobGuard({
    dir: folder.scratch,
    limits: job.limits,
    outputFile: output.path,
    onSign: () => send({ kind: 'sign', task: job.task }),
    stop: (reason) => stop.abort(reason),
  });
  try {
    const run = await kind.load();
    await run(context);
    return undefined;
  } catch (error) {
    // Another attempt must not meet what this one has left running.
    await endProgramsIn([`${folder.scratch}/`]);
    return signal.aborted ? stoppedFailure(signal.reason as StopReason) : failureOf(error, guard);
  }
}

interface Made {
  readonly outputs: Outputs;
  readonly synced: boolean;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly log: string;
}

/** The action and the log as blobs, then the result, then an end to what only a running task needs. */
async function record(attempt: Attempt, made: Made): Promise<Ending> {
  const { job, store, device, versions, send } = attempt;
  let logDigest: Digest | undefined;
  const action = await store.blobs.putUnsynced(job.action);
  if (action.kind === 'store-failure') return failed(job, machineFailure(action));
  if (made.log !== '') {
    const log = await store.blobs.putUnsynced(made.log);
    if (log.kind === 'store-failure') return failed(job, machineFailure(log));
    logDigest = log.digest;
  }
  const result: ActionResult = {
    format: 1,
    key: job.key,
    outputs: made.outputs,
    provenance: {
      kind: job.kind,
      startedAt: made.startedAt.toISOString(),
      durationMs: Math.round(made.durationMs),
      deviceClass: device.deviceClass,
      backend: device.backend,
      versions: { node: process.versions.node, ...versions },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
      traits: job.traits,
      ...(logDigest === undefined ? {} : { log: logDigest }),
      ...job.maker,
    },
  };
  const put = await store.actions.put(result, { synced: made.synced });
  if (put.kind === 'store-failure') return failed(job, machineFailure(put));
  await store.snapshots.clear(job.key);
  let { outputs } = made;
  if (put.kind === 'exists' && !put.same) {
    const message = 'two runs of this task gave different bytes for the same key; ';
    // Bytes that were lost cannot be adopted: then what came out now is all there is.
    if (!job.again) outputs = put.existing.outputs;
    send({
      kind: 'warning',
      task: job.task,
      message: message + (job.again ? 'those of the first are gone' : 'the first result stands'),
    });
  }
  return { kind: 'done', task: job.task, outputs, durationMs: made.durationMs };
}

function failed(job: Job, failure: TaskFailure): Ending {
  return { kind: 'failed', task: job.task, failure };
}
