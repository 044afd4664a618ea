import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '../../cache/digest.ts';
import { digestTree } from '../../cache/local/digest-tree.ts';
import type { Manifest } from '../../cache/manifest.ts';
import type { SnapshotStore } from '../../cache/snapshot-store.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import type { DeviceInfo, StopReason } from '../contract/task-context.ts';
import type { TaskFailure } from '../run/events.ts';
import { findChangedFile } from './data-unchanged.ts';
import { failureOf, stoppedFailure } from './failures.ts';
import type { MemoryAtEnd } from './failures.ts';
import type { FetchedInputs } from './job-inputs.ts';
import type { FromWorker, Job } from './protocol.ts';
import { checkOutputs, outputPortsOf } from './store-outputs.ts';
import { openContext } from './task-context.ts';
import { findBrokenPromises } from './verify-facts.ts';

export interface RehearsalRequest {
  readonly registry: Registry;
  readonly store: Store;
  readonly job: Job;
  readonly inputs: FetchedInputs;
  /** Existing folder; `outputs/NAME`, `scratch` and `snapshots/N` come to lie in it, and stay. */
  readonly dir: string;
  readonly device: DeviceInfo;
  /** Its reason is a `StopReason`. */
  readonly signal: AbortSignal;
  readonly send: (message: FromWorker) => void;
  /** Called right before the task's own code. */
  readonly beforeCode?: () => void;
  /** What is known of its memory, should it fail. */
  readonly memory?: MemoryAtEnd;
}

export type Rehearsal =
  | { readonly kind: 'made'; readonly outputs: ReadonlyMap<string, MadeOutput>; readonly durationMs: number }
  | { readonly kind: 'failed'; readonly failure: TaskFailure; readonly durationMs: number };

export interface MadeOutput {
  readonly dir: string;
  readonly digest: Digest;
  readonly manifest: Manifest;
}

/** Runs a task's code as a worker would, checks and digests what it made, and publishes none of it: no claim, no result, no snapshot. */
export async function rehearseJob(request: RehearsalRequest): Promise<Rehearsal> {
  const { registry, store, job, inputs, dir, device, signal, send, beforeCode, memory } = request;
  const kind = registry.kinds.find((each) => each.kind === job.kind);
  if (kind === undefined) throw new Error(`there is no task kind '${job.kind}'`);
  const ports = outputPortsOf(kind, job.options);
  const outputDirs = new Map(Object.keys(ports).map((name) => [name, join(dir, 'outputs', name)]));
  const scratchDir = join(dir, 'scratch');
  for (const folder of [scratchDir, ...outputDirs.values()]) await mkdir(folder, { recursive: true });
  const opened = openContext({
    job,
    inputs,
    store: { ...store, snapshots: snapshotsIn(join(dir, 'snapshots')) },
    newestSnapshot: undefined,
    outputDirs,
    scratchDir,
    device,
    signal,
    send,
  });
  const run = await kind.load();
  const began = performance.now();
  const failed = (failure: TaskFailure): Rehearsal => ({
    kind: 'failed',
    failure,
    durationMs: performance.now() - began,
  });
  try {
    beforeCode?.();
    await run(opened.context);
  } catch (error) {
    return failed(signal.aborted ? stoppedFailure(signal.reason as StopReason) : failureOf(error, memory));
  }
  const durationMs = performance.now() - began;
  const problems = [
    ...(await checkOutputs(ports, outputDirs, registry)),
    ...findBrokenPromises(job.promised, opened.statedFacts),
  ];
  const outputs = new Map<string, MadeOutput>();
  for (const [name, output] of outputDirs) {
    const digested = await digestTree(output);
    if (digested.kind === 'digested') outputs.set(name, { dir: output, ...digested });
    else problems.push(`output '${name}': ${digested.problems.join('; ')}`);
  }
  if (problems.length > 0) return failed({ class: 'task', message: problems.join('; ') });
  const changed = await findChangedFile(inputs.data.values());
  if (changed !== undefined)
    return failed({ class: 'data-changed', message: `${changed} was changed while the task ran` });
  return { kind: 'made', outputs, durationMs };
}

/** Snapshots that stay in the folder: the task begins at its beginning, and who runs it for good finds none of these. */
function snapshotsIn(dir: string): SnapshotStore {
  let saved = 0;
  return {
    newest: () => Promise.resolve(undefined),
    save: async (_key, write) => {
      const number = ++saved;
      const target = join(dir, String(number));
      await mkdir(target, { recursive: true });
      await write(target);
      return { kind: 'saved', number };
    },
    clear: () => Promise.resolve(),
  };
}
