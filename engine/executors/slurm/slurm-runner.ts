import type { TaskKey } from '../../../cache/digest.ts';
import type { StopReason } from '../../contract/task-context.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { JobWatch } from '../../run/attempt.ts';
import type { AttemptRunner, RunnerParts } from '../../run/attempt-runner.ts';
import type { Job } from '../../worker/protocol.ts';
import { elementFiles, namedOutput } from './batch-files.ts';
import { ClusterJob } from './cluster-job.ts';
import type { SubmittedEnd } from './cluster-job.ts';
import type { SlurmConfig } from './config.ts';
import { findLiveJobs } from './find-live-jobs.ts';
import type { LiveJob } from './find-live-jobs.ts';
import { turnMs } from './gathering.ts';
import type { Pending } from './pending.ts';
import { QueueWatch } from './queue-watch.ts';
import type { SlurmCommands } from './slurm-commands.ts';
import { Submitter } from './submitter.ts';

/** Attempts as jobs of a Slurm cluster: one element of an array each. */
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
      inQueue: () => this.#watch.jobs.size,
      onSubmitted: (item, job) => this.#follow(item, job),
    });
    this.#ticking = parts.clock.every(turnMs, () => {
      this.#turn ??= this.#takeTurn().finally(() => (this.#turn = undefined));
    });
  }

  submit(task: PlannedTask, job: Job, watch: JobWatch): Promise<SubmittedEnd> {
    return new Promise((end) => {
      this.#submitter.waiting.add({ task, job, watch, end }, this.#parts.clock.monotonicMs());
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

  async close(): Promise<void> {
    this.#ticking[Symbol.dispose]();
    await this.#turn;
    await this.#submitter.close();
  }

  #endJobs(wish: StopReason | 'withdrawn'): void {
    const asked = [...this.#watch.jobs].filter((job) => job.ask(wish));
    void this.#watch.cancel(asked, wish === 'withdrawn' ? 'waiting' : undefined);
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
    const items = this.#submitter.waiting.take();
    if (this.#submitter.refused(live.words, items)) return;
    for (const item of items) this.#submitter.waiting.add(item, this.#parts.clock.monotonicMs());
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

  #follow({ job, watch, end }: Pending, { id, name, files, index }: LiveJob): void {
    const { events, output } = elementFiles(files, index);
    const followed = new ClusterJob({
      ...{ id, job, watch, end, eventsFile: events, outputFile: output },
      namedOutput: namedOutput(this.#parts.folder, output),
      nowMs: this.#parts.clock.monotonicMs(),
    });
    this.#watch.add(followed, name);
  }
}
