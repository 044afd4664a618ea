import type { TaskKey } from '../../../cache/digest.ts';
import type { StopReason } from '../../contract/task-context.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { JobWatch } from '../../run/attempt.ts';
import type { AttemptRunner, RunnerParts } from '../../run/attempt-runner.ts';
import type { Job } from '../../worker/protocol.ts';
import type { Again } from './after-end.ts';
import { abandonBatch, elementFiles, eventsFile, namedOutput } from './batch-files.ts';
import { ClusterJob } from './cluster-job.ts';
import type { SubmittedEnd } from './cluster-job.ts';
import type { SlurmConfig } from './config.ts';
import { findLiveJobs } from './find-live-jobs.ts';
import type { LiveJob } from './find-live-jobs.ts';
import { turnMs } from './gathering.ts';
import { untried } from './pending.ts';
import type { Pending } from './pending.ts';
import type { QueuedElement } from './queued-element.ts';
import { QueueWatch } from './queue-watch.ts';
import type { SlurmCommands } from './slurm-commands.ts';
import { Submitter } from './submitter.ts';

/** How often an attempt is submitted whose job ends before it comes to it. */
const returnsBorne = 3;

/** Attempts as jobs of a Slurm cluster: one element of an array each, or several that are short. */
export class SlurmRunner implements AttemptRunner {
  readonly #parts: RunnerParts;
  readonly #commands: SlurmCommands;
  readonly #submitter: Submitter;
  readonly #watch: QueueWatch;
  readonly #ticking: Disposable;
  /** What earlier runs have left in the queue; undefined until that is known. */
  #adoptable: Map<TaskKey, LiveJob> | undefined;
  /** What is wished of all jobs, those that are still to come included. */
  #wish: StopReason | 'withdrawn' | undefined;
  #turn: Promise<void> | undefined;

  constructor(config: SlurmConfig, commands: SlurmCommands, parts: RunnerParts) {
    this.#commands = commands;
    this.#parts = parts;
    this.#watch = new QueueWatch({ commands, run: parts, pollSeconds: config.limits.pollSeconds });
    this.#submitter = new Submitter({
      ...{ config, commands, run: parts },
      inQueue: () => this.#watch.elements,
      usualWaitMs: () => this.#watch.usualWaitMs(),
      onSubmitted: (item, job) => this.#follow(item, job),
    });
    this.#ticking = parts.clock.every(turnMs, () => {
      this.#turn ??= this.#takeTurn().finally(() => (this.#turn = undefined));
    });
  }

  submit(task: PlannedTask, job: Job, watch: JobWatch): Promise<SubmittedEnd> {
    if (this.#wish !== undefined) return Promise.resolve({ kind: 'withdrawn' });
    return new Promise((end) => {
      this.#submitter.waiting.add({ task, job, watch, end, tried: untried }, this.#nowMs());
    });
  }

  /** What is computed elsewhere is found by the job itself, before it begins. */
  lookForResults(): Promise<void> {
    return Promise.resolve();
  }

  /** The order among what waits is Slurm's. */
  reorder(): void {
    return;
  }

  withdrawAll(): void {
    this.#submitter.withdraw();
    this.#endJobs((this.#wish ??= 'withdrawn'));
  }

  stopAll(reason: StopReason): void {
    this.#submitter.withdraw();
    this.#endJobs((this.#wish = reason));
  }

  /** Whoever drives the study next finds the jobs in the book, and their results in the cache. */
  leaveAll(): void {
    this.withdrawAll();
    for (const job of this.#watch.jobs) job.leave();
  }

  async close(): Promise<void> {
    this.#ticking[Symbol.dispose]();
    await this.#turn;
    await this.#watch.close();
    await this.#submitter.close();
  }

  #endJobs(wish: StopReason | 'withdrawn'): void {
    for (const job of this.#watch.jobs) if (job.element.driver === 'another') job.leave();
    const asked = [...this.#watch.jobs].filter((job) => !job.isOver && job.ask(wish));
    void this.#watch.cancel(asked, wish === 'withdrawn' ? 'waiting' : undefined);
    // Of several tasks in a job that runs, those that have not begun are left.
    const shared = new Set(asked.flatMap(({ element }) => (element.parts > 1 ? [element.files] : [])));
    for (const files of shared) void abandonBatch(files).catch(() => undefined);
  }

  async #takeTurn(): Promise<void> {
    if (this.#submitter.waiting.length > 0 && this.#adoptable === undefined) await this.#lookForJobs();
    if (this.#adoptable !== undefined) {
      this.#adopt(this.#adoptable);
      const { size } = this.#watch.jobs;
      await this.#submitter.turn();
      // Drained while something was being submitted.
      if (this.#wish !== undefined && this.#watch.jobs.size > size) this.#endJobs(this.#wish);
    }
    await this.#watch.turn();
  }

  /** Before anything is submitted. */
  async #lookForJobs(): Promise<void> {
    if (!this.#submitter.mayAsk) return;
    const { store, folder } = this.#parts;
    const live = await findLiveJobs(store.runsDir, folder, this.#commands);
    if (!('kind' in live)) {
      this.#adoptable = new Map(live);
      return;
    }
    const items = this.#submitter.waiting.takeAll();
    if (!this.#submitter.refused(live.words, items)) this.#submitter.waiting.putBack(items);
  }

  /** Jobs of dead drivers that do what is wanted here are waited for. */
  #adopt(adoptable: Map<TaskKey, LiveJob>): void {
    if (adoptable.size === 0) return;
    this.#submitter.waiting.sift((item) => {
      const live = item.job.again ? undefined : adoptable.get(item.job.key);
      if (live === undefined) return false;
      adoptable.delete(item.job.key);
      item.watch.onWarning(`job ${live.id} of an earlier run computes it already; waiting for that one`);
      this.#follow(item, live);
      return true;
    });
  }

  #follow(item: Pending, live: LiveJob): void {
    const { job, watch } = item;
    const { files, index, part, name } = live;
    const { output } = elementFiles(files, index);
    const followed = new ClusterJob({
      ...{ element: this.#elementOf(live), part, job, watch },
      end: (end) => {
        if ('ending' in end && end.ending.kind === 'done')
          this.#parts.times.note(item.task, end.ending.durationMs);
        item.end(end);
      },
      again: (how, why) => this.#again(item, how, why),
      ...{ eventsFile: eventsFile(files, live), outputFile: output },
      namedOutput: namedOutput(this.#parts.folder, output),
      nowMs: this.#nowMs(),
    });
    this.#watch.add(followed, name);
  }

  #elementOf({ id, parts, files, isGuessed, driver }: LiveJob): QueuedElement {
    const known = parts === 1 ? undefined : [...this.#watch.jobs].find((job) => job.id === id)?.element;
    return known ?? { id, parts, files, isGuessed, driver, isEndedByUs: false };
  }

  /** Its job has ended, and the task is not to blame. */
  #again(item: Pending, how: Again, why: string): void {
    if (this.#wish !== undefined) {
      item.end({ kind: 'withdrawn' });
      return;
    }
    const { longer, alone, returned } = item.tried;
    const tried = {
      longer: longer + (how === 'longer' ? 1 : 0),
      alone: alone || how !== 'same',
      returned: returned + (how === 'same' ? 1 : 0),
    };
    if (tried.returned > returnsBorne) {
      const failure = { class: 'lost', message: `${why}, ${tried.returned} times` } as const;
      item.end({ ending: { kind: 'failed', task: item.task.id, failure }, saved: false });
      return;
    }
    item.watch.onWarning(`${why}; ${saidOf[how]}`);
    this.#submitter.waiting.add({ ...item, tried }, this.#nowMs());
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }
}

const saidOf: { readonly [how in Again]: string } = {
  longer: 'a new job is given longer',
  alone: 'it gets a job of its own',
  same: 'it is submitted again',
};
