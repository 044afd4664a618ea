import { guarded } from '../../../cache/system-error.ts';
import type { RunnerParts } from '../../run/attempt-runner.ts';
import { slurmDir } from './batch-files.ts';
import type { SlurmConfig } from './config.ts';
import { draftArrays } from './draft.ts';
import type { Drafted } from './draft.ts';
import { batchComment, jobIdOf, jobName } from './find-live-jobs.ts';
import type { LiveJob } from './find-live-jobs.ts';
import { Gathering } from './gathering.ts';
import { JobBook } from './job-book.ts';
import { Pace } from './pace.ts';
import { failAll } from './pending.ts';
import type { Pending } from './pending.ts';
import type { SlurmCommands } from './slurm-commands.ts';

export interface SubmitterParts {
  readonly config: SlurmConfig;
  readonly commands: SlurmCommands;
  readonly run: RunnerParts;
  /** How many jobs of the run wait or run. */
  readonly inQueue: () => number;
  readonly onSubmitted: (item: Pending, job: LiveJob) => void;
}

/** Refusals in a row after which tasks are told, where no job of ours is in the queue that the refusal may be due to. */
const refusalsBorne = 3;

/** From attempts that wait to jobs in the queue: gathers, writes files, and asks Slurm, no more often than it bears. */
export class Submitter {
  readonly waiting: Gathering<Pending> = new Gathering<Pending>();
  readonly #parts: SubmitterParts;
  readonly #pace: Pace;
  #drafted: Drafted[] = [];
  #book: JobBook | undefined;
  #largestArray: number | undefined;
  #batches = 0;
  #isWithdrawn = false;

  constructor(parts: SubmitterParts) {
    this.#parts = parts;
    this.#pace = new Pace({ perMinute: parts.config.limits.submissionsPerMinute });
  }

  /** Whether Slurm may be asked for something now. */
  get mayAsk(): boolean {
    return this.#pace.allows(this.#nowMs());
  }

  /** Nothing that waits is submitted any more. */
  withdraw(): void {
    this.#isWithdrawn = true;
    const drafted = this.#drafted.splice(0).flatMap(({ items }) => items);
    for (const { end } of [...this.waiting.take(), ...drafted]) end({ kind: 'withdrawn' });
  }

  async turn(): Promise<void> {
    if (this.#drafted.length === 0 && this.waiting.isComplete(this.#nowMs())) await this.#draft();
    while (this.mayAsk) {
      const next = this.#drafted.shift();
      if (next === undefined) return;
      const sent = await this.#send(next);
      if (sent === 'sent' || sent === 'failed') continue;
      if (this.#isWithdrawn) for (const { end } of next.items) end({ kind: 'withdrawn' });
      else this.#drafted.unshift(next);
      return;
    }
  }

  /** Takes in a refusal. Whether that was the last try, and these attempts have failed. */
  refused(words: string, items: readonly Pending[]): boolean {
    const pauseMs = this.#pace.refused(this.#nowMs());
    if (this.#pace.refusals > refusalsBorne && this.#parts.inQueue() === 0) {
      failAll(items, `Slurm takes no jobs: ${words}`);
      return true;
    }
    this.#parts.run.onNotice(`Slurm takes no jobs (${words}); trying again in ${pauseMs / 1000} s`);
    return false;
  }

  async close(): Promise<void> {
    await this.#book?.[Symbol.asyncDispose]();
  }

  /** As far as the queue may be filled. */
  async #draft(): Promise<void> {
    const { config, commands, run, inQueue } = this.#parts;
    const items = this.waiting.take(config.limits.queued - inQueue());
    if (items.length === 0) return;
    this.#largestArray ??= await commands.largestArray();
    this.#drafted.push(
      ...(await draftArrays(items, {
        ...{ parts: run, config, largestArray: this.#largestArray },
        nextBatch: () => String(++this.#batches),
      })),
    );
  }

  /** Its keys are on disk before Slurm is asked, its number before anything waits for it. */
  async #send(drafted: Drafted): Promise<'sent' | 'failed' | 'again'> {
    const { batch, files, items } = drafted;
    const { commands, run, onSubmitted } = this.#parts;
    const keys = items.map(({ job }) => job.key);
    if (this.#pace.refusals === 0) {
      const unwritten = await guarded(files.dir, async () =>
        (await this.#openBook()).submitting(batch, keys),
      );
      if (unwritten !== undefined) {
        failAll(items, `${unwritten.path}: ${unwritten.detail}`);
        return 'failed';
      }
    }
    let jobId = await this.#alreadyThere(batch);
    if (jobId === undefined) {
      const answer = await commands.submit(drafted.options);
      if ('words' in answer) return this.refused(answer.words, items) ? 'failed' : 'again';
      ({ jobId } = answer);
    }
    this.#pace.submitted(this.#nowMs());
    const unwritten = await guarded(files.dir, async () => (await this.#openBook()).submitted(batch, jobId));
    // Whoever comes after finds it by its comment.
    if (unwritten !== undefined) run.onNotice(`${unwritten.path}: ${unwritten.detail}`);
    const name = jobName(run.folder);
    for (const [index, item] of items.entries())
      onSubmitted(item, { id: `${jobId}_${index}`, name, files, index });
    return 'sent';
  }

  async #openBook(): Promise<JobBook> {
    return (this.#book ??= await JobBook.open(slurmDir(this.#parts.run.folder)));
  }

  /** A refusal may have been a submission whose answer got lost. */
  async #alreadyThere(batch: string): Promise<string | undefined> {
    if (this.#pace.refusals === 0) return undefined;
    const { commands, run } = this.#parts;
    const rows = await commands.queue([jobName(run.folder)]);
    return 'kind' in rows ? undefined : jobIdOf(rows, batchComment(run.folder, batch));
  }

  #nowMs(): number {
    return this.#parts.run.clock.monotonicMs();
  }
}
