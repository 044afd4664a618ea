import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
import { fetchInputs } from './job-inputs.ts';
import type { FetchedInputs } from './job-inputs.ts';
import type { FromWorker, Job } from './protocol.ts';
import { checkOutputs, outputPortsOf, storeOutputs } from './store-outputs.ts';
import { openContext } from './task-context.ts';
import type { OpenedContext } from './task-context.ts';
import type { ProcessOutput } from './task-output.ts';
import { findBrokenPromises } from './verify-facts.ts';
import { newWorkFolder, sweepWork } from './work-folders.ts';

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
  readonly send: (message: FromWorker) => void;
}

/** The one message that ends a job. */
export type Ending = Extract<
  FromWorker,
  { readonly kind: 'found' | 'held' | 'inputs-missing' | 'done' | 'failed' }
>;

interface Attempt extends Workplace {
  readonly job: Job;
  readonly kind: TaskKind;
  readonly dir: string;
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
    return { kind: 'held', task: job.task, owner: `${claimed.owner.host}, process ${claimed.owner.pid}` };
  }
  const dir = newWorkFolder(store.root);
  try {
    // Taken over: what the owner before us had started may still run, and must not run twice at a time.
    if (claimed.claim.tookOver) await sweepWork(store.root);
    return await runClaimed({ ...workplace, job, kind, dir, signal, stop });
  } finally {
    await rm(dir, { recursive: true, force: true });
    await claimed.claim.release();
  }
}

async function runClaimed(attempt: Attempt): Promise<Ending> {
  const { job, store, dir, signal, output, send } = attempt;
  if (!job.again) {
    const standing = await store.actions.get(job.key);
    if (standing.kind === 'store-failure') return failed(job, machineFailure(standing));
    if (standing.kind === 'found') {
      return { kind: 'found', task: job.task, outputs: standing.result.outputs };
    }
  }
  const inputs = await fetchInputs(job, store, join(dir, 'inputs'));
  if (inputs.kind === 'store-failure') return failed(job, machineFailure(inputs));
  if (inputs.kind === 'inputs-missing') {
    for (const path of inputs.movedTo) {
      const message = `an input was damaged in the store; moved to ${path}, and made again`;
      send({ kind: 'warning', task: job.task, message });
    }
    return { kind: 'inputs-missing', task: job.task, digests: inputs.digests };
  }
  if (signal.aborted) return failed(job, stoppedFailure(signal.reason as StopReason));

  await output.begin();
  const startedAt = new Date();
  const began = performance.now();
  const ending = await runAndStore(attempt, inputs);
  const durationMs = performance.now() - began;
  const log = await output.end();
  const words = withStack(log, ending);
  if (words !== '') {
    const kept = await guarded(job.logFile, () => writeFile(job.logFile, words));
    if (kept !== undefined) return failed(job, machineFailure(kept));
  }
  if (ending.kind === 'failed') return failed(job, withLastWords(ending.failure, log));
  return record(attempt, { outputs: ending.outputs, startedAt, durationMs, log });
}

/** The log, and below it the stack of what the task threw: `sweetspot log` is where one looks for it. */
function withStack(log: string, ending: RunEnding): string {
  if (ending.kind !== 'failed' || ending.failure.class !== 'task') return log;
  const { detail } = ending.failure;
  return detail === undefined ? log : `${log}${log === '' || log.endsWith('\n') ? '' : '\n'}${detail}\n`;
}

/** A program that fails says why in its output, not in what it returns. */
function withLastWords(failure: TaskFailure, log: string): TaskFailure {
  if (failure.class !== 'task' || log === '') return failure;
  return { ...failure, lastWords: log.trimEnd().split('\n').slice(-linesOfLogShown).join('\n') };
}

type RunEnding =
  | { readonly kind: 'stored'; readonly outputs: Outputs }
  | { readonly kind: 'failed'; readonly failure: TaskFailure };

async function runAndStore(attempt: Attempt, inputs: FetchedInputs): Promise<RunEnding> {
  const { job, kind, registry, store, dir, device, signal, output, send } = attempt;
  const ports = outputPortsOf(kind, job.options);
  const newest = await store.snapshots.newest(job.key, (movedTo) => {
    const message = `a snapshot was damaged and moved to ${movedTo}; going on from an older one, or from the start`;
    send({ kind: 'warning', task: job.task, message });
  });
  const opened = await openContext({
    job,
    inputs,
    store,
    newestSnapshot: newest?.dir,
    outputNames: Object.keys(ports),
    dir,
    device,
    signal,
    send,
  });
  send({ kind: 'started', task: job.task, resumed: newest !== undefined, outputFrom: output.from });
  const failure = await runGuarded(attempt, opened);
  if (failure !== undefined) return { kind: 'failed', failure: await orFullDisk(failure, dir) };

  const problems = [
    ...(await checkOutputs(ports, opened.outputDirs, registry)),
    ...findBrokenPromises(job.promised, opened.statedFacts),
  ];
  if (problems.length > 0) {
    const problem: TaskFailure = { class: 'task', message: problems.join('; ') };
    return { kind: 'failed', failure: await orFullDisk(problem, dir) };
  }
  const changed = await findChangedFile(inputs.data.values());
  if (changed !== undefined) {
    const message = `${changed} was changed while the task ran: its result is withheld`;
    return { kind: 'failed', failure: { class: 'data-changed', message } };
  }
  return storeOutputs(opened.outputDirs, store);
}

/** The task's own code, within the limits that the study sets. */
async function runGuarded(attempt: Attempt, { context }: OpenedContext): Promise<TaskFailure | undefined> {
  const { job, kind, dir, output, signal, stop, send } = attempt;
  using guard = new JobGuard({
    dir,
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
    await endProgramsIn([`${dir}/`]);
    return signal.aborted ? stoppedFailure(signal.reason as StopReason) : failureOf(error, guard);
  }
}

interface Made {
  readonly outputs: Outputs;
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
  const put = await store.actions.put({
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
    },
  });
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
