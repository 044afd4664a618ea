import { mkdir, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { systemClock } from '../../cache/clock.ts';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import { randomName } from '../../cache/local/store-folder.ts';
import { temporaryPrefix } from '../../cache/local/temporary-file.ts';
import type { Store } from '../../cache/store.ts';
import type { Keyer } from '../keys/keyer.ts';
import { whyUnreadable } from '../keys/recorded-data.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import type { DifferingOutput, Job } from '../worker/protocol.ts';
import { DataLists } from './data-lists.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Outputs, TaskFailure } from './events.ts';
import { localExecutor } from './local-executor.ts';
import { makeJob } from './make-job.ts';
import type { JobSource } from './make-job.ts';
import { usualPatience } from './patience.ts';
import { runFolder } from './run-folder.ts';
import type { RunFolder } from './run-folder.ts';
import type { Slot } from './slots.ts';

export interface RerunRequest {
  readonly plan: Plan;
  readonly store: Store;
  /** The file that calls `serveWorker` with the registry of the plan. */
  readonly workerEntry: URL;
  readonly slots: readonly Slot[];
  /** Results by task: of all that are run again, and of all that these read. */
  readonly standing: ReadonlyMap<TaskId, { readonly key: TaskKey; readonly outputs: Outputs }>;
  readonly tasks: readonly TaskId[];
  /** With which the results were looked up. */
  readonly keyer: Keyer;
  /** Aborted: nothing more begins, what runs ends. */
  readonly drainSignal: AbortSignal;
  /** Aborted: what runs stops. */
  readonly stopSignal: AbortSignal;
  readonly onRerun: (task: TaskId, rerun: Rerun) => void;
  readonly onWarning: (message: string) => void;
}

/** What came of running a task again whose result stands. */
export type Rerun =
  | {
      readonly kind: 'compared';
      /** None: the same bytes came out. */
      readonly differing: readonly DifferingOutput[];
      readonly deviceClass: string;
      readonly durationMs: number;
    }
  | { readonly kind: 'failed'; readonly failure: TaskFailure }
  | { readonly kind: 'inputs-missing'; readonly digests: readonly Digest[] }
  | { readonly kind: 'not-run' };

/** How many are keyed and given to the workers ahead of their turn. */
const aheadAtOnce = 64;
/** How often a worker that went away is replaced for one task. */
const lossesBorne = 2;

/**
 * Runs tasks again, in workers as a run has them, each in a folder of its own with its recorded inputs, and compares what comes
 * out with the result that stands. No run is recorded, nothing claimed and nothing stored: the first result stands.
 */
export async function rerunTasks(request: RerunRequest): Promise<ReadonlyMap<TaskId, Rerun>> {
  const { store, slots, drainSignal, stopSignal } = request;
  const folder = runFolder(join(store.root, 'tmp'), randomName(`${temporaryPrefix}rerun-`));
  await mkdir(folder.logsDir, { recursive: true });
  await mkdir(folder.dataDir, { recursive: true });
  const dispatcher = new Dispatcher({
    executor: localExecutor({
      workerEntry: request.workerEntry,
      execArgv: process.execArgv,
      storeDir: store.root,
      storeBelow: store.below,
      signing: store.signing,
      sharing: store.sharing,
      remotes: store.remotes,
      leaseDir: join(tmpdir(), 'sweetspot-devices'),
      logsDir: folder.logsDir,
      environment: process.env,
    }),
    clock: systemClock,
    patience: usualPatience,
    slots,
    cores: availableParallelism(),
    priorityOf: () => 0,
    onQuarantined: (slot, reason) => request.onWarning(`${slot} is left out from here on: ${reason}`),
    onNotice: request.onWarning,
  });
  const drain = (): void => dispatcher.withdrawAll();
  const stop = (): void => dispatcher.stopAll({ kind: 'stopped' });
  drainSignal.addEventListener('abort', drain);
  stopSignal.addEventListener('abort', stop);
  // Workers keep a process up by their channels; a wait for other runs would not.
  const staying = setInterval(() => undefined, 1 << 30);
  try {
    const again = new Again(request, dispatcher, folder);
    const atOnce = pLimit(aheadAtOnce);
    const reruns = request.tasks.map((id) =>
      atOnce(async () => {
        const rerun = await again.run(id);
        request.onRerun(id, rerun);
        return [id, rerun] as const;
      }),
    );
    return new Map(await Promise.all(reruns));
  } finally {
    clearInterval(staying);
    drainSignal.removeEventListener('abort', drain);
    stopSignal.removeEventListener('abort', stop);
    await dispatcher.close();
    await rm(folder.dir, { recursive: true, force: true });
  }
}

class Again {
  readonly #request: RerunRequest;
  readonly #dispatcher: Dispatcher;
  readonly #source: JobSource;

  constructor(request: RerunRequest, dispatcher: Dispatcher, folder: RunFolder) {
    const { plan, standing } = request;
    this.#request = request;
    this.#dispatcher = dispatcher;
    const board = {
      task: (id: TaskId) => taskOf(plan, id),
      outputOf: (id: TaskId, output: string) => standing.get(id)?.outputs[output],
    };
    this.#source = { plan, folder, dataLists: new DataLists(folder.dataDir), board };
  }

  async run(id: TaskId): Promise<Rerun> {
    const { plan, standing, keyer, drainSignal } = this.#request;
    if (drainSignal.aborted) return { kind: 'not-run' };
    const task = taskOf(plan, id);
    const recorded = standing.get(id);
    const keyed = await keyer.key(task, this.#source.board.outputOf);
    if (keyed.kind !== 'keyed' || keyed.keyed.key !== recorded?.key) {
      const message = 'what it reads has changed since its result was looked up';
      return { kind: 'failed', failure: { class: 'data-changed', message } };
    }
    const unreadable = whyUnreadable({ data: keyed.data.values(), absentFiles: keyed.absentFiles });
    if (unreadable !== undefined) {
      const message = `${unreadable.message} (${unreadable.hint})`;
      return { kind: 'failed', failure: { class: 'machine', message } };
    }
    const job = await makeJob(this.#source, task, keyed, true);
    return this.#submit(task, { ...job, compareWith: recorded.outputs });
  }

  async #submit(task: PlannedTask, job: Job): Promise<Rerun> {
    for (let lost = 0; !this.#request.drainSignal.aborted;) {
      const end = await this.#dispatcher.submit(task, job, {
        timeoutMs: task.timeoutMs,
        stallMs: task.stallMs,
        onStarted: () => undefined,
        onProgress: () => undefined,
        onWarning: (message) => this.#request.onWarning(`${task.id}: ${message}`),
      });
      if ('kind' in end) break;
      const { ending } = end;
      switch (ending.kind) {
        case 'compared':
        case 'inputs-missing':
          return ending;
        case 'failed':
          if (ending.failure.class === 'stopped') return { kind: 'not-run' };
          if (ending.failure.class !== 'lost' || ++lost > lossesBorne) return ending;
          break;
        case 'found':
        case 'held':
        case 'done':
          throw new Error(`${task.id} was to be compared, and is ${ending.kind}`);
      }
    }
    return { kind: 'not-run' };
  }
}

function taskOf(plan: Plan, id: TaskId): PlannedTask {
  const task = plan.tasks.get(id);
  if (task === undefined) throw new Error(`the plan has no task ${id}`);
  return task;
}
