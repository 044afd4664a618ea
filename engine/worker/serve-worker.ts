import { setTimeout as delay } from 'node:timers/promises';
import { openStore } from '../../cache/open-store.ts';
import type { OpenStoreRequest } from '../../cache/open-store.ts';
import { recordUse } from '../../cache/remotes/uses/record-use.ts';
import { tieredStore } from '../../cache/remotes/tiered-store.ts';
import type { Store } from '../../cache/store.ts';
import { withPath } from '../../cache/system-error.ts';
import type { Registry } from '../contract/registry.ts';
import type { DeviceInfo } from '../contract/task-context.ts';
import type { TaskId } from '../plan/plan.ts';
import { compareJob } from './compare-job.ts';
import { endProgramsIn } from './end-programs.ts';
import { failureOf } from './failures.ts';
import { Inbox } from './inbox.ts';
import type { ReceivedJob } from './inbox.ts';
import type { Binding, FromWorker } from './protocol.ts';
import { ProcessOutput } from './task-output.ts';
import { runJob } from './run-job.ts';
import type { Ending, Workplace } from './run-job.ts';
import { JobFolders } from './job-folders.ts';
import { leaseDevice } from './device-lease.ts';
import { ownWorkFolders } from './work-folders.ts';
import type { DeviceLease } from './device-lease.ts';

export interface WorkerOptions {
  readonly registry: Registry;
  /** Loads the tensor backend. Called once, and in slot workers only, when the environment is set and the slot is held. */
  readonly startBackend: (request: BackendRequest) => Promise<StartedBackend>;
}

export interface BackendRequest {
  readonly device: 'cpu' | 'gpu';
  readonly threads: number;
}

export interface StartedBackend {
  readonly backend: 'tensorflow' | 'wasm' | 'cpu';
  readonly versions: { readonly [component: string]: string };
  /** Where it really computes, if not on the device that was asked for (a TensorFlow without CUDA). */
  readonly device?: 'cpu' | 'gpu';
}

/** How often a worker says that it lives. */
const beatMs = 2_000;
/** How often a worker looks whether a slot that another run holds has come free. */
const leasePollMs = 500;

/**
 * A worker's whole life, over the IPC channel it was started with: binds to its slots, then does one job at a time until
 * it is told to leave. A driver that goes away makes it finish, publish and leave.
 */
export async function serveWorker(options: WorkerOptions): Promise<void> {
  const inbox = new Inbox();
  const binding = await inbox.binding();
  if (binding === undefined) {
    leave(0);
    return;
  }
  await using leases = new Leases();
  const bound = await takeAll(leases, binding, inbox);
  if (bound === 'left') {
    leave(0);
    return;
  }
  if (bound !== 'taken') {
    await sendAndFlush({ kind: 'unusable', message: bound.message });
    leave(1);
    return;
  }

  let inHand: TaskId | undefined;
  const warn = (message: string): void => {
    if (inHand !== undefined) send({ kind: 'warning', task: inHand, message });
  };
  const opened = await openWorkplace(options, { ...binding, send }, warn);
  if (typeof opened === 'string') {
    await sendAndFlush({ kind: 'unusable', message: opened });
    await leases[Symbol.asyncDispose]();
    leave(1);
    return;
  }
  const beat = setInterval(() => send(vitalSigns()), beatMs);
  send({ kind: 'ready', device: opened.device });
  for (let next = await inbox.job(); next !== undefined; next = await inbox.job()) {
    inHand = next.job.task;
    await sendAndFlush(await runGuarded(opened, next));
    inbox.endJob(next);
  }
  clearInterval(beat);
  // Programs that went on in the background after their task was done.
  await endProgramsIn([ownWorkFolders(binding.storeDir)]);
  await opened.folders[Symbol.asyncDispose]();
  await leases[Symbol.asyncDispose]();
  leave(0);
}

/** A folder for leases that is full, or closed to this user, is no reason to die without a word. */
async function takeAll(
  leases: Leases,
  binding: Binding,
  inbox: Inbox,
): Promise<'taken' | 'left' | { readonly message: string }> {
  try {
    return await leases.take(binding, inbox);
  } catch (error) {
    const named = withPath(error, binding.leaseDir);
    return { message: `no device can be leased: ${failureOf(named).message}` };
  }
}

/** The worker's edge: whatever is thrown past it (a full disk under a scratch folder, a bug) is a failure of the job. */
export async function runGuarded(workplace: Workplace, { job, stop }: ReceivedJob): Promise<Ending> {
  try {
    return await (job.compareWith === undefined ? runJob : compareJob)(workplace, job, stop);
  } catch (error) {
    return { kind: 'failed', task: job.task, failure: failureOf(error) };
  }
}

/** What a worker works with, or why it cannot. `send` takes what it tells of its jobs, `warn` what it notices of remotes. */
export async function openWorkplace(
  options: WorkerOptions,
  binding: Pick<
    Binding,
    'storeDir' | 'storeBelow' | 'signing' | 'remotes' | 'device' | 'deviceClass' | 'threads' | 'outputFile'
  > &
    Pick<Workplace, 'send'> &
    Pick<OpenStoreRequest, 'job'>,
  warn: (message: string) => void,
): Promise<Workplace | string> {
  const opened = await openStore({
    job: binding.job,
    hasEnded: async (job) => (await import('../executors/slurm/job-stages.ts')).jobHasEnded(job),
    dir: binding.storeDir,
    over: binding.storeBelow,
    signing: binding.signing,
  });
  if (opened.kind !== 'opened') return `the store ${binding.storeDir} cannot be opened (${opened.kind})`;
  if (opened.store.sharing === 'group') letGroupIn();
  const { device, deviceClass, threads } = binding;
  let backend: DeviceInfo['backend'] = 'none';
  let versions: StartedBackend['versions'] = {};
  let found: 'cpu' | 'gpu' | 'none' = device;
  if (device !== 'none') {
    try {
      const started = await options.startBackend({ device, threads });
      ({ backend, versions } = started);
      found = started.device ?? device;
    } catch (error) {
      return `the backend did not start: ${failureOf(error).message}`;
    }
  }
  return {
    registry: options.registry,
    store: withRemotes(opened.store, binding, warn),
    device: { backend, deviceClass: found === device ? deviceClass : `${found}-t${threads}`, threads },
    versions,
    output: await ProcessOutput.open(binding.outputFile),
    folders: new JobFolders(opened.store),
    send: binding.send,
  };
}

/**
 * What tasks and their programs make lies in the store until it is removed; where they are killed, by somebody else. A worker
 * writes nowhere but there.
 */
function letGroupIn(): void {
  const own = process.umask(0o077);
  process.umask(own & ~0o070);
}

/** Asks remotes for bytes. For results the driver has asked a moment ago: what may have come meanwhile is in the store. */
function withRemotes(
  local: Store,
  { remotes }: Pick<Binding, 'remotes'>,
  onTrouble: (message: string) => void,
): Store {
  if (remotes === undefined) return local;
  const tiered = tieredStore({ local, ...remotes, env: process.env, onTrouble });
  process.once('exit', () => recordUse(local, tiered.uses()));
  return { ...tiered, actions: local.actions };
}

/** The shares of devices that this process holds. */
class Leases implements AsyncDisposable {
  readonly #held: DeviceLease[] = [];

  /** Waits for every device, in their order, so that two runs that want the same two never wait for each other. */
  async take(binding: Binding, inbox: Inbox): Promise<'taken' | 'left'> {
    const shares = binding.leases.toSorted((a, b) => (a.deviceId < b.deviceId ? -1 : 1));
    for (const { deviceId, share } of shares) {
      let told = false;
      for (;;) {
        const result = await leaseDevice({ leaseDir: binding.leaseDir, deviceId, share });
        if (result.kind === 'leased') {
          this.#held.push(result.lease);
          break;
        }
        if (!told) send({ kind: 'slot-busy', device: deviceId, holder: `process ${result.holder.pid}` });
        told = true;
        // Not all at once: two that step back from each other must not do so for ever.
        await delay(leasePollMs * (0.5 + Math.random()), undefined, { ref: true });
        if (inbox.isClosed) return 'left';
      }
    }
    return 'taken';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const lease of this.#held.splice(0)) await lease[Symbol.asyncDispose]();
  }
}

function send(message: FromWorker): void {
  void sendAndFlush(message);
}

/** Resolves when the message is with the system. A driver that just died is no failure: its disconnection is on its way. */
function sendAndFlush(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected || process.send === undefined) {
      resolve();
      return;
    }
    process.send(message, undefined, undefined, () => resolve());
  });
}

function vitalSigns(): FromWorker {
  return { kind: 'beat', peakBytes: process.resourceUsage().maxRSS * 1024 };
}

/** Ends the process though native threads or a channel may still keep it up; what was sent is flushed first. */
function leave(exitCode: number): void {
  process.exitCode = exitCode;
  if (process.connected) process.disconnect();
  setImmediate(() => process.exit());
}
