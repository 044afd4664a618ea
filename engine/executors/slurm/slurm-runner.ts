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
import type { Element } from './draft.ts';
import { Expected } from './expected.ts';
import { findLiveJobs } from './find-live-jobs.ts';
import { turnMs } from './gathering.ts';
import { untried } from './pending.ts';
import type { Pending } from './pending.ts';
import type { QueuedElement, QueuedPart } from './queued-element.ts';
import { QueueWatch } from './queue-watch.ts';
import type { SlurmCommands } from './slurm-commands.ts';
import { Submitter } from './submitter.ts';

export interface SlurmRunnerOptions {
  readonly config: SlurmConfig;
  readonly commands: SlurmCommands;
  readonly run: RunnerParts;
  /** Whether a task computes elsewhere. */
  readonly isHere: (task: PlannedTask) => boolean;
}

/** How often an attempt is submitted whose job ends before it comes to it. */
const returnsBorne = 3;

/** Attempts as jobs of a Slurm cluster: one element of an array each, or several that are short. */
export class SlurmRunner implements AttemptRunner {
  readonly #run: RunnerParts;
  readonly #commands: SlurmCommands;
  readonly #submitter: Submitter;
  readonly #watch: QueueWatch;
  readonly #ticking: Disposable;
  /** What earlier runs have left in the queue, by key; undefined until that is known. */
  #adoptable: Map<TaskKey, QueuedPart> | undefined;
  readonly #expected: Expected = new Expected();
  /** What is wished of all jobs, those that are still to come included. */
  #wish: StopReason | 'withdrawn' | undefined;
  /** Nothing that is in the queue is ended any more. */
  #isLeaving = false;
  #turn: Promise<void> | undefined;

  constructor(options: SlurmRunnerOptions) {
    const { config, commands, run, isHere } = options;
    this.#commands = commands;
    this.#run = run;
    this.#watch = new QueueWatch({ commands, run, pollSeconds: config.limits.pollSeconds });
    this.#submitter = new Submitter({
      ...{ config, commands, run, isHere },
      inQueue: () => this.#watch.elements,
      usualWaitMs: () => this.#watch.usualWaitMs(),
      onSubmitted: (drafted, queued) => this.#submitted(drafted, queued),
    });
    this.#ticking = run.clock.every(turnMs, () => {
      this.#turn ??= this.#takeTurn().finally(() => (this.#turn = undefined));
    });
  }

  submit(task: PlannedTask, job: Job, watch: JobWatch): Promise<SubmittedEnd> {
    if (this.#wish !== undefined) return Promise.resolve({ kind: 'withdrawn' });
    return new Promise((end) => {
      const item: Pending = { task, job, watch, end, tried: untried };
      const queued = job.again ? undefined : this.#expected.take(job.key);
      if (queued === undefined) this.#submitter.waiting.add(item, this.#nowMs());
      else this.#follow(item, queued);
    });
  }

  expects(key: TaskKey): boolean {
    return this.#expected.has(key);
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

  /** Whoever drives the study next finds the jobs in the book, those that wait in their places, and results in the cache. */
  leaveAll(): void {
    this.#submitter.withdraw();
    this.#wish ??= 'withdrawn';
    this.#isLeaving = true;
    this.#expected.clear();
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
    const unasked = [...this.#expected.elements].filter((element) => !this.#watch.isWaitedFor(element));
    void this.#watch.end(unasked.filter(({ driver }) => driver !== 'another'));
    this.#expected.clear();
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
      if (this.#wish !== undefined && this.#watch.jobs.size > size) {
        if (this.#isLeaving) this.leaveAll();
        else this.#endJobs(this.#wish);
      }
    }
    await this.#watch.turn();
  }

  /** Before anything is submitted. */
  async #lookForJobs(): Promise<void> {
    if (!this.#submitter.mayAsk) return;
    const { store, folder } = this.#run;
    const live = await findLiveJobs(store.runsDir, folder, this.#commands);
    if (!('kind' in live)) {
      this.#adoptable = live.byKey;
      for (const [element, parts] of live.expected) this.#expected.add(element, parts);
      return;
    }
    const items = this.#submitter.waiting.takeAll();
    if (!this.#submitter.refused(live.words, items)) this.#submitter.waiting.putBack(items);
  }

  /** Jobs of dead drivers that do what is wanted here are waited for. */
  #adopt(adoptable: Map<TaskKey, QueuedPart>): void {
    if (this.#submitter.waiting.length === 0) return;
    this.#expected.look();
    this.#submitter.waiting.sift((item) => {
      const { key, again } = item.job;
      const queued = again ? undefined : (adoptable.get(key) ?? this.#expected.take(key));
      if (queued === undefined) return false;
      adoptable.delete(key);
      const { id } = queued.element;
      item.watch.onWarning(`job ${id} of an earlier run computes it already; waiting for that one`);
      this.#follow(item, queued);
      return true;
    });
  }

  #submitted({ items, followers }: Element, queued: QueuedElement): void {
    for (const [part, item] of items.entries()) this.#follow(item, { element: queued, part });
    const expected = followers.map(({ draft, after }, index) => ({
      ...{ part: items.length + index, draft, after },
    }));
    this.#expected.add(queued, expected);
  }

  #follow(item: Pending, queued: QueuedPart): void {
    const { job, watch } = item;
    const { element, part } = queued;
    const { files, index } = element;
    const { output } = elementFiles(files, index);
    const followed: ClusterJob = new ClusterJob({
      ...{ element, part, job, watch },
      end: (end) => {
        this.#ended(item, queued, end);
        item.end(end);
        if (this.#wish !== undefined && !followed.isUnwatched) this.#endUnasked(element);
      },
      again: (how, why) => this.#again(item, how, why),
      ...{ eventsFile: eventsFile(files, { index, part }), outputFile: output },
      namedOutput: namedOutput(this.#run.folder, output),
      nowMs: this.#nowMs(),
    });
    this.#watch.add(followed);
  }

  /** What follows a part is known as soon as that has a result. */
  #ended({ task }: Pending, { element, part }: QueuedPart, end: SubmittedEnd): void {
    const ending = 'ending' in end ? end.ending : undefined;
    if (ending?.kind === 'done') this.#run.times.note(task, ending.durationMs);
    const hasResult = ending?.kind === 'done' || ending?.kind === 'found';
    if (hasResult && element.followers > 0) this.#expected.made(element, part, ending.outputs);
  }

  /** A drained run wants nothing of what a job would go on with, and may hear too late that it has. */
  #endUnasked(element: QueuedElement): void {
    const isOurs = element.followers > 0 && element.driver !== 'another';
    if (isOurs && !this.#watch.isWaitedFor(element)) void this.#watch.end([element]);
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
    return this.#run.clock.monotonicMs();
  }
}

const saidOf: { readonly [how in Again]: string } = {
  longer: 'a new job is given longer',
  alone: 'it gets a job of its own',
  same: 'it is submitted again',
};
