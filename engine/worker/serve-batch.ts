import { existsSync, fsyncSync, fstatSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { StopReason } from '../contract/task-context.ts';
import { detectDevices } from '../run/detect-devices.ts';
import { sealLine } from '../run/sealed-line.ts';
import { defaultSlots } from '../run/slots.ts';
import { abandonedMark, parseBatchSpec } from './batch-spec.ts';
import type { BatchSpec } from './batch-spec.ts';
import { endProgramsIn } from './end-programs.ts';
import { stoppedFailure } from './failures.ts';
import type { FromWorker } from './protocol.ts';
import type { Ending } from './run-job.ts';
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
 * A worker's whole life without a driver to talk to: one job from a file, what happens to it appended to another. It does
 * the storing as every worker does, so that its work is not lost on a driver that is gone. SIGTERM (a time limit, a
 * preemption, a cancelled job) lets the task save a snapshot and stop.
 */
export async function serveBatch(options: WorkerOptions, specFile: string): Promise<void> {
  const spec = parseBatchSpec(await readFile(specFile, 'utf8'));
  if (typeof spec === 'string') {
    process.stderr.write(`${specFile} ${spec}\n`);
    process.exit(1);
  }
  if (existsSync(join(dirname(specFile), abandonedMark))) process.exit(0);
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort({ kind: 'stopped' } satisfies StopReason));
  const events = new EventFile(spec.eventsFile);
  const exitCode = await serve(options, spec, { events, stop });
  // Native threads may still keep the process up.
  process.exit(exitCode);
}

async function serve(
  options: WorkerOptions,
  spec: BatchSpec,
  { events, stop }: { readonly events: EventFile; readonly stop: AbortController },
): Promise<number> {
  const send = (message: FromWorker): void => events.append(message);
  const beat = setInterval(
    () => send({ kind: 'beat', peakBytes: process.resourceUsage().maxRSS * 1024 }),
    beatMs,
  );
  const deviceClass = await deviceClassOf(spec);
  const warn = (message: string): void => send({ kind: 'warning', task: spec.job.task, message });
  const opened = await openWorkplace(options, { ...spec, deviceClass, send }, warn);
  if (typeof opened === 'string') {
    send({ kind: 'unusable', message: opened });
    events.sync();
    return 1;
  }
  send({ kind: 'ready', device: opened.device });
  const ending = await unlessStopped(await runGuarded(opened, { job: spec.job, stop }), stop.signal);
  clearInterval(beat);
  await endProgramsIn([ownWorkFolders(spec.storeDir)]);
  await opened.folders[Symbol.asyncDispose]();
  send(ending);
  events.sync();
  return exitCodeOf(ending);
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

/** Messages as sealed lines. */
class EventFile {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'a');
    // A predecessor that was killed in the middle of a line must not spoil the first of ours.
    if (fstatSync(this.#descriptor).size > 0) writeSync(this.#descriptor, '\n');
  }

  append(message: FromWorker): void {
    writeSync(this.#descriptor, `${sealLine(message)}\n`);
  }

  sync(): void {
    fsyncSync(this.#descriptor);
  }
}
