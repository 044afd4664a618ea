import type { TaskKey } from '../../../cache/digest.ts';
import { guarded } from '../../../cache/system-error.ts';
import type { StopReason } from '../../contract/task-context.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { JobWatch } from '../../run/attempt.ts';
import type { AttemptRunner, RunnerParts } from '../../run/attempt-runner.ts';
import type { Job } from '../../worker/protocol.ts';
import { arrayChunks } from './array-chunks.ts';
import { batchFiles, elementFiles, namedOutput, slurmDir, writeBatch } from './batch-files.ts';
import type { BatchFiles } from './batch-files.ts';
import { ClusterJob } from './cluster-job.ts';
import type { SubmittedEnd } from './cluster-job.ts';
import type { SlurmConfig } from './config.ts';
import { demandOf } from './demand.ts';
import { batchComment, findLiveJobs, jobIdOf, jobName } from './find-live-jobs.ts';
import type { LiveJob } from './find-live-jobs.ts';
import { JobBook } from './job-book.ts';
import { Pace } from './pace.ts';
import type { SlurmCommands } from './slurm-commands.ts';

interface Waiting {
  readonly task: PlannedTask;
  readonly job: Job;
  readonly watch: JobWatch;
  readonly end: (end: SubmittedEnd) => void;
}

/** An array whose files are written, and which Slurm has not taken yet. */
interface Drafted {
  readonly batch: string;
  readonly files: BatchFiles;
  readonly items: readonly Waiting[];
  readonly options: readonly string[];
}

/** How often files are looked at, and what waits is submitted. */
const turnMs = 250;
/** A wave is submitted when nothing has come for one turn, and after this long at the latest. */
const longestGatherMs = 2_000;
/** Refusals in a row after which tasks are told, where no job of ours is in the queue that the refusal may be due to. */
const refusalsBorne = 3;

/** Attempts as jobs of a Slurm cluster: one element of an array each. */
export class SlurmRunner implements AttemptRunner {
  readonly #parts: RunnerParts;
  readonly #config: SlurmConfig;
  readonly #commands: SlurmCommands;
  readonly #pace: Pace;
  readonly #ticking: Disposable;
  #waiting: Waiting[] = [];
  #drafted: Drafted[] = [];
  readonly #jobs = new Set<ClusterJob>();
  /** Names that the queue is asked for: this run's, and those of runs whose jobs were adopted. */
  readonly #names: Set<string>;
  #adoptable: Map<TaskKey, LiveJob> | undefined;
  #book: JobBook | undefined;
  #largestArray = 1;
  #batches = 0;
  #firstCameMs = 0;
  #lastCameMs = 0;
  #askedQueueMs = -Infinity;
  #queueRefused = 0;
  #isWithdrawn = false;
  #turn: Promise<void> | undefined;

  constructor(config: SlurmConfig, commands: SlurmCommands, parts: RunnerParts) {
    this.#config = config;
    this.#commands = commands;
    this.#parts = parts;
    this.#pace = new Pace({ perMinute: config.limits.submissionsPerMinute });
    this.#names = new Set([jobName(parts.folder)]);
    this.#ticking = parts.clock.every(turnMs, () => {
      this.#turn ??= this.#takeTurn().finally(() => (this.#turn = undefined));
    });
  }

  submit(task: PlannedTask, job: Job, watch: JobWatch): Promise<SubmittedEnd> {
    return new Promise((end) => {
      const nowMs = this.#nowMs();
      if (this.#waiting.length === 0) this.#firstCameMs = nowMs;
      this.#lastCameMs = nowMs;
      this.#waiting.push({ task, job, watch, end });
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
    this.#dropUnsubmitted();
    const waiting = [...this.#jobs].filter((job) => job.ask('withdrawn'));
    void this.#cancel(waiting, 'waiting');
  }

  stopAll(reason: StopReason): void {
    this.#dropUnsubmitted();
    void this.#cancel([...this.#jobs].filter((job) => job.ask(reason)));
  }

  async close(): Promise<void> {
    this.#ticking[Symbol.dispose]();
    await this.#turn;
    await this.#book?.[Symbol.asyncDispose]();
  }

  #dropUnsubmitted(): void {
    this.#isWithdrawn = true;
    const drafted = this.#drafted.splice(0).flatMap(({ items }) => items);
    for (const { end } of [...this.#waiting.splice(0), ...drafted]) end({ kind: 'withdrawn' });
  }

  async #cancel(jobs: readonly ClusterJob[], only?: 'waiting'): Promise<void> {
    if (jobs.length > 0)
      await this.#commands.cancel(
        jobs.map((job) => job.id),
        only,
      );
  }

  async #takeTurn(): Promise<void> {
    if (this.#waiting.length > 0 && this.#adoptable === undefined) await this.#begin();
    if (this.#adoptable !== undefined) {
      this.#adopt();
      await this.#submit();
    }
    await this.#listen();
    await this.#askQueue();
  }

  async #begin(): Promise<void> {
    if (!this.#pace.allows(this.#nowMs())) return;
    const { store, folder } = this.#parts;
    const live = await findLiveJobs(store.runsDir, folder, this.#commands);
    if ('kind' in live) {
      const items = [...this.#waiting];
      if (this.#refused(live.words, items))
        this.#waiting = this.#waiting.filter((item) => !items.includes(item));
      return;
    }
    this.#largestArray = await this.#commands.largestArray();
    this.#adoptable = new Map(live);
  }

  /** Jobs of dead drivers that do what is wanted here are waited for. */
  #adopt(): void {
    const adoptable = this.#adoptable;
    if (adoptable === undefined || adoptable.size === 0) return;
    this.#waiting = this.#waiting.filter((item) => {
      const live = item.job.again ? undefined : adoptable.get(item.job.key);
      if (live === undefined) return true;
      adoptable.delete(item.job.key);
      this.#names.add(live.name);
      item.watch.onWarning(`job ${live.id} of an earlier run computes it already; waiting for that one`);
      this.#follow(item, live);
      return false;
    });
  }

  async #submit(): Promise<void> {
    const nowMs = this.#nowMs();
    const hasGathered = nowMs - this.#lastCameMs >= turnMs || nowMs - this.#firstCameMs >= longestGatherMs;
    if (hasGathered && this.#drafted.length === 0) await this.#draft();
    while (this.#pace.allows(this.#nowMs())) {
      const next = this.#drafted.shift();
      if (next === undefined) return;
      const sent = await this.#send(next);
      if (sent === 'sent' || sent === 'failed') continue;
      if (this.#isWithdrawn) for (const { end } of next.items) end({ kind: 'withdrawn' });
      else this.#drafted.unshift(next);
      return;
    }
  }

  /** Turns what waits into arrays, as far as the queue may be filled. */
  async #draft(): Promise<void> {
    const room = this.#config.limits.queued - this.#jobs.size;
    const items = this.#waiting.splice(0, Math.max(0, room));
    const shapeOf = ({ task }: Waiting): string => JSON.stringify(demandOf(task, this.#config));
    for (const chunk of arrayChunks(items, shapeOf, this.#largestArray)) {
      const [first] = chunk;
      if (first === undefined) continue;
      const batch = String(++this.#batches);
      const files = batchFiles(this.#parts.folder, batch);
      const demand = demandOf(first.task, this.#config);
      const jobs = chunk.map(({ job }) => job);
      const { store, worker } = this.#parts;
      const unwritten = await guarded(files.dir, () => writeBatch(files, { store, demand, jobs, worker }));
      if (unwritten !== undefined) {
        this.#fail(chunk, `${unwritten.path}: ${unwritten.detail}`);
        continue;
      }
      const options = [
        `--job-name=${jobName(this.#parts.folder)}`,
        `--comment=${batchComment(this.#parts.folder, batch)}`,
        `--array=0-${chunk.length - 1}`,
        `--output=${files.output}`,
        ...['--open-mode=append', '--requeue', '--signal=B:TERM@60', ...demand.options],
        files.script,
      ];
      this.#drafted.push({ batch, files, items: chunk, options });
    }
  }

  /** Its keys are on disk before Slurm is asked, its number before anything waits for it. */
  async #send(drafted: Drafted): Promise<'sent' | 'failed' | 'again'> {
    const { batch, files, items } = drafted;
    const { folder } = this.#parts;
    const keys = items.map(({ job }) => job.key);
    if (this.#pace.refusals === 0) {
      const unwritten = await guarded(files.dir, async () =>
        (await this.#openBook()).submitting(batch, keys),
      );
      if (unwritten !== undefined) {
        this.#fail(items, `${unwritten.path}: ${unwritten.detail}`);
        return 'failed';
      }
    }
    let jobId = await this.#alreadyThere(batch);
    if (jobId === undefined) {
      const answer = await this.#commands.submit(drafted.options);
      if ('words' in answer) return this.#refused(answer.words, items) ? 'failed' : 'again';
      ({ jobId } = answer);
    }
    this.#pace.submitted(this.#nowMs());
    const unwritten = await guarded(files.dir, async () => (await this.#openBook()).submitted(batch, jobId));
    // Whoever comes after finds it by its comment.
    if (unwritten !== undefined) this.#parts.onNotice(`${unwritten.path}: ${unwritten.detail}`);
    const name = jobName(folder);
    for (const [index, item] of items.entries())
      this.#follow(item, { id: `${jobId}_${index}`, name, files, index });
    // Drained while it was being submitted.
    if (this.#isWithdrawn) this.withdrawAll();
    return 'sent';
  }

  async #openBook(): Promise<JobBook> {
    return (this.#book ??= await JobBook.open(slurmDir(this.#parts.folder)));
  }

  /** A refusal may have been a submission whose answer got lost. */
  async #alreadyThere(batch: string): Promise<string | undefined> {
    if (this.#pace.refusals === 0) return undefined;
    const rows = await this.#commands.queue([jobName(this.#parts.folder)]);
    return 'kind' in rows ? undefined : jobIdOf(rows, batchComment(this.#parts.folder, batch));
  }

  /** Whether that was the last try. */
  #refused(words: string, items: readonly Waiting[]): boolean {
    const pauseMs = this.#pace.refused(this.#nowMs());
    if (this.#pace.refusals > refusalsBorne && this.#jobs.size === 0) {
      this.#fail(items, `Slurm takes no jobs: ${words}`);
      return true;
    }
    this.#parts.onNotice(`Slurm takes no jobs (${words}); trying again in ${pauseMs / 1000} s`);
    return false;
  }

  #fail(items: readonly Waiting[], message: string): void {
    for (const { job, end } of items) {
      const failure = { class: 'machine', message } as const;
      end({ ending: { kind: 'failed', task: job.task, failure }, saved: false });
    }
  }

  #follow({ job, watch, end }: Waiting, { id, files, index }: LiveJob): void {
    const { events, output } = elementFiles(files, index);
    this.#jobs.add(
      new ClusterJob({
        ...{ id, job, watch, end, eventsFile: events, outputFile: output, nowMs: this.#nowMs() },
        namedOutput: namedOutput(this.#parts.folder, output),
      }),
    );
  }

  async #listen(): Promise<void> {
    const nowMs = this.#nowMs();
    for (const job of this.#jobs) {
      await job.listen(nowMs);
      const silence = job.silence(nowMs);
      if (silence !== undefined && job.ask(silence)) await this.#cancel([job]);
    }
    this.#forgetEnded();
  }

  /** One question for all jobs. A controller that does not answer is asked less and less often; nothing is concluded from its silence. */
  async #askQueue(): Promise<void> {
    const nowMs = this.#nowMs();
    const everyMs = this.#config.limits.pollSeconds * 1000 * Math.min(8, 2 ** this.#queueRefused);
    if (this.#jobs.size === 0 || nowMs - this.#askedQueueMs < everyMs) return;
    this.#askedQueueMs = nowMs;
    // Jobs that come to be while the answer is on its way cannot be in it.
    const asked = [...this.#jobs];
    const rows = await this.#commands.queue([...this.#names]);
    if ('kind' in rows) {
      if (this.#queueRefused++ === 0)
        this.#parts.onNotice(`Slurm does not answer (${rows.words}); waiting for it`);
      return;
    }
    this.#queueRefused = 0;
    const byId = new Map(rows.map((row) => [row.id, row]));
    const forgotten = asked.filter((job) => !byId.has(job.id)).map((job) => job.id);
    const accounts =
      forgotten.length === 0 ? new Map<string, string>() : await this.#commands.accounts(forgotten);
    for (const job of asked) {
      const row = byId.get(job.id);
      await job.look(row?.state ?? accounts.get(job.id), row?.reason ?? '', this.#nowMs());
    }
    this.#forgetEnded();
  }

  #forgetEnded(): void {
    for (const job of this.#jobs) if (job.isOver) this.#jobs.delete(job);
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }
}
