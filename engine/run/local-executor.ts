import { fork } from 'node:child_process';
import { closeSync, fchmodSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RemotesAccess } from '../../cache/remotes/remote-settings.ts';
import type { SigningPolicy } from '../../cache/signatures/signing-policy.ts';
import type { Sharing } from '../../cache/store.ts';
import { kernelMemoryKills } from '../worker/kernel-memory.ts';
import { parseFromWorker } from '../worker/parse-message.ts';
import type { Binding } from '../worker/protocol.ts';
import { sweepWork } from '../worker/work-folders.ts';
import type { Executor, WorkerExit, WorkerProcess, WorkerRequest } from './executor.ts';
import { workerLogName } from './run-folder.ts';
import type { Slot } from './slots.ts';
import { threadsOf, workerEnvironment } from './worker-environment.ts';

export interface LocalExecutorOptions {
  /** The file that calls `serveWorker`. */
  readonly workerEntry: URL;
  /** Node's own arguments for it. */
  readonly execArgv: readonly string[];
  readonly storeDir: string;
  readonly storeBelow?: string | undefined;
  readonly signing?: SigningPolicy | undefined;
  readonly sharing: Sharing;
  /** What else the workers ask for bytes. */
  readonly remotes?: RemotesAccess | undefined;
  readonly leaseDir: string;
  /** Existing folder for the workers' output. */
  readonly logsDir: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * Light workers live for seconds, in which most code is run some hundred times: V8's quick compiler pays there, and its
 * thorough one hardly ever does (an eighth of all processor time, measured on Node 20). Later versions choose so by themselves.
 */
const quickToStart: readonly string[] = process.versions.node.startsWith('20.')
  ? ['--sparkplug', '--interrupt-budget=1000000']
  : [];
/** Bytes of a dead worker's output that are kept to explain its end. */
const lastWordsBytes = 4_000;

/** Workers as child processes of the driver, on this host. */
export function localExecutor(options: LocalExecutorOptions): Executor {
  return { start: (request) => startWorker(options, request) };
}

function startWorker(options: LocalExecutorOptions, request: WorkerRequest): WorkerProcess {
  const outputFile = join(options.logsDir, workerLogName(request.name));
  const output = openSync(outputFile, 'a');
  if (options.sharing === 'group') fchmodSync(output, 0o644);
  const killsBefore = kernelMemoryKills();
  const child = fork(fileURLToPath(options.workerEntry), [], {
    execArgv: [...options.execArgv, ...(request.slots.length === 0 ? quickToStart : [])],
    env: workerEnvironment(options.environment, request.slots),
    // Its own session: neither Ctrl-C nor the end of the terminal reaches it, and it outlives a driver that dies.
    detached: true,
    stdio: ['ignore', output, output, 'ipc'],
  });
  closeSync(output);

  const exited = new Promise<WorkerExit>((resolve) => {
    let over = false;
    const end = async (exitCode: number | null, signal: string | null, words?: string): Promise<void> => {
      if (over) return;
      over = true;
      const lastWords = words ?? (await tailOf(outputFile));
      // Programs that a dead worker had started lead groups of their own, and would go on for nobody.
      if (child.pid !== undefined) await sweepWork(options.storeDir, child.pid);
      resolve({ exitCode, signal, lastWords, kernelRanOutOfMemory: kernelMemoryKills() > killsBefore });
    };
    child.on('exit', (exitCode, signal) => void end(exitCode, signal));
    child.on('error', (error) => {
      // A failure to send is not the end of the process; a failure to start is.
      if (child.pid === undefined) void end(null, null, error.message);
    });
  });
  child.on('message', (value) => {
    const message = parseFromWorker(value);
    if (message !== undefined) request.onMessage(message);
  });
  const worker: WorkerProcess = {
    pid: child.pid ?? -1,
    send: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    signal: (signal) => void child.kill(signal),
    exited,
  };
  worker.send({ kind: 'bind', binding: bindingFor(options, request.slots, outputFile) });
  return worker;
}

function bindingFor(options: LocalExecutorOptions, slots: readonly Slot[], outputFile: string): Binding {
  return {
    storeDir: options.storeDir,
    storeBelow: options.storeBelow,
    signing: options.signing,
    ...(options.remotes === undefined ? {} : { remotes: options.remotes }),
    leaseDir: options.leaseDir,
    leases: slots.map(({ deviceId, share }) => ({ deviceId, share })),
    device: slots[0]?.device ?? 'none',
    deviceClass: deviceClassOf(slots),
    threads: threadsOf(slots),
    outputFile,
  };
}

function deviceClassOf(slots: readonly Slot[]): string {
  const [first] = slots;
  if (first === undefined) return 'cpu-t1';
  if (slots.length === 1) return first.deviceClass;
  return first.device === 'cpu' ? `cpu-t${threadsOf(slots)}` : `${first.deviceClass}-x${slots.length}`;
}

async function tailOf(path: string): Promise<string> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const length = Math.min(size, lastWordsBytes);
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString('utf8').trim();
}
