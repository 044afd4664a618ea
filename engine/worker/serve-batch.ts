import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants, hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StopReason } from '../contract/task-context.ts';
import { ownJob } from '../executors/slurm/job-stages.ts';
import { detectDevices } from '../run/detect-devices.ts';
import { defaultSlots } from '../run/slots.ts';
import { abandonedMark, parseBatchSpec, successorCode } from './batch-spec.ts';
import type { BatchPart, BatchSpec } from './batch-spec.ts';
import { dueParts, jobOfPart } from './due-parts.ts';
import { endProgramsIn } from './end-programs.ts';
import { stoppedFailure } from './failures.ts';
import { PartEvents, stageOfPart } from './part-events.ts';
import type { FromWorker, Job } from './protocol.ts';
import type { Ending, Workplace } from './run-job.ts';
import { openWorkplace, runGuarded } from './serve-worker.ts';
import type { WorkerOptions } from './serve-worker.ts';
import { ownWorkFolders } from './work-folders.ts';

/** How often a worker says that it lives: to a file that may lie on a busy server. */
const beatMs = 30_000;
/** How long a signal that was sent to all processes at once may take from the first to the last. */
const signalMs = 500;
/** As a shell has it: 128 and the number of SIGTERM. */
const stoppedCode = 143;

/**
 * A worker's whole life without a driver to talk to: jobs from a file, one after the other, what happens to each appended to
 * a file of its own. It does the storing as every worker does, so that its work is not lost on a driver that is gone. SIGTERM (a
 * time limit, a preemption, a cancelled job) lets the task save a snapshot and stop. What workers before have ended is left
 * alone: a job that the cluster begins again goes on where it was. `predecessorCode`: how the worker before ended.
 */
export async function serveBatch(
  options: WorkerOptions,
  specFile: string,
  predecessorCode?: string,
): Promise<void> {
  const spec = parseBatchSpec(await readFile(specFile, 'utf8'));
  if (typeof spec === 'string') {
    process.stderr.write(`${specFile} ${spec}\n`);
    process.exit(1);
  }
  const isAbandoned = (): boolean => existsSync(join(dirname(specFile), abandonedMark));
  if (isAbandoned()) process.exit(0);
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort({ kind: 'stopped' } satisfies StopReason));
  if (predecessorCode !== undefined) blame(spec.parts, Number(predecessorCode));
  const exitCode = await serve(options, spec, { stop, isAbandoned });
  // Native threads may still keep the process up.
  process.exit(exitCode);
}

/** The part that the worker before had in hand when it went down. */
function blame(parts: readonly BatchPart[], code: number): void {
  if (code === successorCode) return;
  const inHand = parts.find(({ eventsFile }) => stageOfPart(eventsFile) === 'begun');
  if (inHand === undefined) return;
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  const how = signal === undefined ? `exit code ${code}` : signal;
  using events = new PartEvents(inHand.eventsFile);
  const message = `its worker ended (${how}) before the task was done`;
  events.end({ kind: 'failed', task: inHand.job.task, failure: { class: 'lost', message } });
}

async function serve(
  options: WorkerOptions,
  spec: BatchSpec,
  { stop, isAbandoned }: { readonly stop: AbortController; readonly isAbandoned: () => boolean },
): Promise<number> {
  const parts = dueParts(spec.parts);
  let events: PartEvents | undefined;
  let inHand = parts[0];
  const send = (message: FromWorker): void => events?.append(message);
  const begin = (part: BatchPart): PartEvents => {
    inHand = part;
    return (events = new PartEvents(part.eventsFile));
  };
  if (inHand === undefined) return 0;
  const first = begin(inHand);
  const beat = setInterval(
    () => send({ kind: 'beat', peakBytes: process.resourceUsage().maxRSS * 1024 }),
    beatMs,
  );
  const deviceClass = await deviceClassOf(spec);
  const warn = (message: string): void => {
    if (inHand !== undefined) send({ kind: 'warning', task: inHand.job.task, message });
  };
  const job = ownJob(process.env);
  const opened = await openWorkplace(options, { ...spec, job, deviceClass, send }, warn);
  if (typeof opened === 'string') {
    first[Symbol.dispose]();
    for (const part of parts) begin(part).end({ kind: 'unusable', message: opened });
    return 1;
  }
  let exitCode = 0;
  for (const [index, part] of parts.entries()) {
    const job = jobOfPart(spec.parts, part);
    if (job === undefined) continue;
    using told = index === 0 ? first : begin(part);
    const ending = await servePart(placeOf(opened, spec, part), { job, stop, send });
    told.end(ending);
    exitCode = Math.max(exitCode, exitCodeOf(ending));
    if (index === parts.length - 1 || isAbandoned()) break;
    if (stop.signal.aborted) exitCode = stoppedCode;
    else if (!isTainted(spec, ending)) continue;
    else if (dueParts(spec.parts).length > 0) exitCode = successorCode;
    break;
  }
  clearInterval(beat);
  await opened.folders[Symbol.asyncDispose]();
  return exitCode;
}

/** What computes on no device says so, though the worker has one for the parts before. */
function placeOf(opened: Workplace, { threads }: BatchSpec, { isLight }: BatchPart): Workplace {
  if (isLight !== true) return opened;
  return { ...opened, device: { backend: 'none', deviceClass: `cpu-t${threads}`, threads }, versions: {} };
}

async function servePart(
  opened: Workplace,
  { job, stop, send }: Pick<Workplace, 'send'> & { readonly job: Job; readonly stop: AbortController },
): Promise<Ending> {
  send({ kind: 'ready', device: opened.device });
  send({
    ...{ kind: 'placed', host: process.env['SLURMD_NODENAME'] ?? hostname(), pid: process.pid },
    partition: process.env['SLURM_JOB_PARTITION'] ?? '',
    deviceClass: opened.device.deviceClass,
  });
  // What stops one part by itself (a limit of its memory, say) is no reason to stop those after it.
  const own = new AbortController();
  const pass = (): void => own.abort(stop.signal.reason);
  if (stop.signal.aborted) pass();
  stop.signal.addEventListener('abort', pass);
  try {
    return await unlessStopped(await runGuarded(opened, { job, stop: own }), stop.signal);
  } finally {
    stop.signal.removeEventListener('abort', pass);
    await endProgramsIn([ownWorkFolders(opened.store.root)]);
  }
}

/** What a failure leaves behind in the process is anyone's guess, on a device above all. */
function isTainted({ device }: BatchSpec, ending: Ending): boolean {
  return ending.kind === 'failed' && (device !== 'none' || ending.failure.class !== 'task');
}

/**
 * A cluster sends SIGTERM to every process of a job: the task's program may end of it, and be found to have failed, before
 * the worker has got its own.
 */
async function unlessStopped(ending: Ending, stopped: AbortSignal): Promise<Ending> {
  if (ending.kind !== 'failed' || ending.failure.class !== 'task') return ending;
  if (!stopped.aborted) await delay(signalMs);
  if (!stopped.aborted) return ending;
  return { ...ending, failure: stoppedFailure(stopped.reason as StopReason) };
}

/** What the cluster has given: which GPU is known only on the node. */
async function deviceClassOf({ device, threads }: BatchSpec): Promise<string> {
  const cpu = `cpu-t${threads}`;
  if (device !== 'gpu') return cpu;
  const { gpus } = await detectDevices(process.env);
  const [first] = defaultSlots({ cores: threads, gpus });
  if (first === undefined || gpus.length === 0) return cpu;
  return gpus.length === 1 ? first.deviceClass : `${first.deviceClass}-x${gpus.length}`;
}

/** For those who look at the queue's own records. */
function exitCodeOf(ending: Ending): number {
  if (ending.kind !== 'failed') return 0;
  return ending.failure.class === 'stopped' ? stoppedCode : 1;
}
