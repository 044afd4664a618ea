import { guarded } from '../../../cache/system-error.ts';
import type { PlannedTask } from '../../plan/plan.ts';
import type { RunnerParts } from '../../run/attempt-runner.ts';
import { slurmDir } from './batch-files.ts';
import type { SlurmConfig } from './config.ts';
import { draftArrays, elementsOf, itemsOf } from './draft.ts';
import type { Drafted, Element } from './draft.ts';
import { batchComment, jobIdOf, jobName } from './find-live-jobs.ts';
import { Gathering } from './gathering.ts';
import { JobBook } from './job-book.ts';
import { Pace } from './pace.ts';
import { failAll } from './pending.ts';
import type { Pending } from './pending.ts';
import type { QueuedElement } from './queued-element.ts';
import type { SlurmCommands } from './slurm-commands.ts';

export interface SubmitterParts {
  readonly config: SlurmConfig;
  readonly commands: SlurmCommands;
  readonly run: RunnerParts;
  /** How many jobs of the run wait or run. */
  readonly inQueue: () => number;
  /** How long jobs wait before they begin. */
  readonly usualWaitMs: () => number;
  /** Whether a task computes elsewhere than in a job. */
  readonly isHere: (task: PlannedTask) => boolean;
  readonly onSubmitted: (drafted: Element, queued: QueuedElement) => void;
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
  #cluster:
    { readonly largestArray: number; readonly longestMinutes: ReadonlyMap<string, number> } | undefined;
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
    const drafted = itemsOf(this.#drafted.splice(0).flatMap(({ elements }) => elements));
    for (const { end } of [...this.waiting.takeAll(), ...drafted]) end({ kind: 'withdrawn' });
  }

  async turn(): Promise<void> {
    if (this.#drafted.length === 0 && this.waiting.isComplete(this.#nowMs())) await this.#draft();
    // Meanwhile, perhaps: what was in hand is neither waiting nor drafted then.
    if (this.#isWithdrawn) this.withdraw();
    while (this.mayAsk) {
      const next = this.#drafted.shift();
      if (next === undefined) return;
      const sent = await this.#send(next);
      if (sent === 'sent' || sent === 'failed') continue;
      if (this.#isWithdrawn) for (const { end } of itemsOf(next.elements)) end({ kind: 'withdrawn' });
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
    const { config, commands, run, inQueue, usualWaitMs, isHere } = this.#parts;
    const room = config.limits.queued - inQueue();
    if (this.waiting.length === 0 || room <= 0) return;
    await run.times.learn();
    this.#cluster ??= {
      largestArray: await commands.largestArray(),
      longestMinutes: await commands.longestTimes(),
    };
    const { largestArray, longestMinutes } = this.#cluster;
    const elements = await elementsOf(this.waiting.takeAll(), {
      ...{ config, run, isHere },
      longestMinutes: (partition) => longestOf(longestMinutes, partition),
      // A job that works for as long as it waited has saved the waiting of those that it took along.
      budgetMs: Math.min(config.pack.minutes * 60_000, usualWaitMs()),
    });
    this.waiting.putBack(itemsOf(elements.slice(room)));
    const request = { parts: run, largestArray, nextBatch: () => String(++this.#batches) };
    this.#drafted.push(...(await draftArrays(elements.slice(0, room), request)));
  }

  /** Its keys are on disk before Slurm is asked, its number before anything waits for it. */
  async #send(drafted: Drafted): Promise<'sent' | 'failed' | 'again'> {
    const { batch, files } = drafted;
    const { commands, run, onSubmitted } = this.#parts;
    const items = itemsOf(drafted.elements);
    const elements = drafted.elements.map((element) => ({
      keys: element.items.map(({ job }) => job.key),
      followers: element.followers.length,
    }));
    const isGuessed = drafted.elements.some((element) => element.isGuessed);
    if (this.#pace.refusals === 0) {
      const unwritten = await guarded(files.dir, async () =>
        (await this.#openBook()).submitting({ batch, elements, isGuessed }),
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
    for (const [index, element] of drafted.elements.entries()) {
      const followers = element.followers.length;
      onSubmitted(element, {
        ...{ id: `${jobId}_${index}`, name, files, index, isGuessed, driver: 'us', isEndedByUs: false },
        ...{ parts: element.items.length + followers, followers },
      });
    }
    return 'sent';
  }

  async #openBook(): Promise<JobBook> {
    const { folder, store } = this.#parts.run;
    return (this.#book ??= await JobBook.open(slurmDir(folder), store.sharing));
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

/** Where several partitions are named, Slurm takes any that fits; the name of the usual one is empty. */
function longestOf(minutes: ReadonlyMap<string, number>, partition = ''): number | undefined {
  const each = partition.split(',').map((name) => minutes.get(name));
  return each.every((one) => one !== undefined) ? Math.max(...each) : undefined;
}
