import type { RunnerParts } from '../../run/attempt-runner.ts';
import type { ClusterJob } from './cluster-job.ts';
import { jobName } from './find-live-jobs.ts';
import type { QueuedElement } from './queued-element.ts';
import { stageOf } from './job-states.ts';
import type { QueueRow } from './queue-listing.ts';
import { QueueWaits } from './queue-waits.ts';
import type { SlurmCommands } from './slurm-commands.ts';

/** So many jobs are listened to in one turn. */
const heardAtOnce = 100;

/** The jobs of a run: what their workers tell, and what the queue says of them. */
export class QueueWatch {
  readonly #commands: SlurmCommands;
  readonly #run: RunnerParts;
  readonly #pollMs: number;
  readonly #jobs = new Set<ClusterJob>();
  /** Names that the queue is asked for: this run's, and those of runs whose jobs were adopted. */
  readonly #names: Set<string>;
  readonly #waits: QueueWaits = new QueueWaits();
  /** Elements that have come to their end, and not yet for the queue: it may put them back, their node given up for lost. */
  readonly #left = new Map<string, QueuedElement>();
  #heard = 0;
  #askedMs = -Infinity;
  #refusals = 0;

  constructor(parts: {
    readonly commands: SlurmCommands;
    readonly run: RunnerParts;
    readonly pollSeconds: number;
  }) {
    this.#commands = parts.commands;
    this.#run = parts.run;
    this.#pollMs = parts.pollSeconds * 1000;
    this.#names = new Set([jobName(parts.run.folder)]);
  }

  get jobs(): ReadonlySet<ClusterJob> {
    return this.#jobs;
  }

  /** How many elements of arrays they are, each a job of its own to Slurm. */
  get elements(): number {
    return new Set([...this.#jobs].map(({ element }) => element)).size;
  }

  /** How long jobs wait in the queue before they begin, as it seems. */
  usualWaitMs(): number {
    const nowMs = this.#nowMs();
    const waits = [...this.#jobs].flatMap((job) => job.waitedMs(nowMs) ?? []);
    return this.#waits.usualMs(waits.filter(({ hasBegun }) => !hasBegun).map(({ ms }) => ms));
  }

  add(job: ClusterJob): void {
    this.#jobs.add(job);
    this.#names.add(job.element.name);
    this.#left.delete(job.id);
  }

  /** Whether any part of an element is still waited for. */
  isWaitedFor(element: QueuedElement): boolean {
    return [...this.#jobs].some((job) => job.element === element && !job.isOver);
  }

  /** Ends elements, whatever they are at. */
  async end(elements: readonly QueuedElement[]): Promise<void> {
    for (const element of elements) element.isEndedByUs = true;
    if (elements.length > 0) await this.#commands.cancel(elements.map(({ id }) => id));
  }

  /** Leaves nothing in the queue that would find, once it begins, that there is nothing to do. */
  async close(): Promise<void> {
    if (this.#left.size === 0) return;
    const rows = await this.#commands.queue([...this.#names]);
    if (!('kind' in rows)) await this.#clear(rows);
  }

  async turn(): Promise<void> {
    await this.#listen();
    await this.#askQueue();
  }

  async cancel(jobs: readonly ClusterJob[], only?: 'waiting'): Promise<void> {
    if (jobs.length === 0) return;
    for (const { element } of jobs) if (only === undefined) element.isEndedByUs = true;
    const ids = new Set(jobs.map((job) => job.id));
    await this.#commands.cancel([...ids], only);
  }

  async #listen(): Promise<void> {
    const nowMs = this.#nowMs();
    for (const job of this.#nextToHear()) {
      const before = job.waitedMs(nowMs);
      await job.listen(nowMs);
      const after = job.waitedMs(nowMs);
      if (before?.hasBegun === false && after?.hasBegun === true) this.#waits.note(after.ms);
      const silence = job.element.driver === 'another' ? undefined : job.silence(nowMs);
      if (silence !== undefined && job.ask(silence)) await this.cancel([job]);
    }
    this.#forgetEnded();
  }

  /** All in turn, if there are many: each is a file of a server that others use, too. */
  #nextToHear(): readonly ClusterJob[] {
    const jobs = [...this.#jobs];
    const from = this.#heard >= jobs.length ? 0 : this.#heard;
    const next = jobs.slice(from, from + heardAtOnce);
    this.#heard = from + next.length;
    return next;
  }

  /** One question for all jobs. A controller that does not answer is asked less and less often; nothing is concluded from its silence. */
  async #askQueue(): Promise<void> {
    const nowMs = this.#nowMs();
    const everyMs = this.#pollMs * Math.min(8, 2 ** this.#refusals);
    if (this.#jobs.size === 0 || nowMs - this.#askedMs < everyMs) return;
    this.#askedMs = nowMs;
    // Jobs that come to be while the answer is on its way cannot be in it.
    const asked = [...this.#jobs];
    const rows = await this.#commands.queue([...this.#names]);
    if ('kind' in rows) {
      if (this.#refusals++ === 0) this.#run.onNotice(`Slurm does not answer (${rows.words}); waiting for it`);
      return;
    }
    this.#refusals = 0;
    await this.#clear(rows);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const forgotten = new Set(asked.filter((job) => !byId.has(job.id)).map((job) => job.id));
    const accounts =
      forgotten.size === 0 ? new Map<string, string>() : await this.#commands.accounts([...forgotten]);
    for (const job of asked) {
      const row = byId.get(job.id);
      await job.look(row?.state ?? accounts.get(job.id), row?.reason ?? '', this.#nowMs());
    }
    this.#forgetEnded();
  }

  /** What waits here once more was done by a worker that Slurm had lost sight of. */
  async #clear(rows: readonly QueueRow[]): Promise<void> {
    const stages = new Map(rows.map(({ id, state }) => [id, stageOf(state)]));
    const again = [...this.#left.values()].filter(({ id }) => stages.get(id) === 'waiting');
    for (const id of this.#left.keys()) if (stages.get(id) !== 'running') this.#left.delete(id);
    for (const element of again) element.isEndedByUs = true;
    if (again.length > 0)
      await this.#commands.cancel(
        again.map(({ id }) => id),
        'waiting',
      );
  }

  #forgetEnded(): void {
    const over = [...this.#jobs].filter((job) => job.isOver);
    for (const job of over) this.#jobs.delete(job);
    const wanted = new Set([...this.#jobs].map(({ element }) => element));
    // Where a job goes on without being watched, nothing of it is ours to end.
    for (const { element, isUnwatched } of over)
      if (!isUnwatched && !wanted.has(element)) this.#left.set(element.id, element);
  }

  #nowMs(): number {
    return this.#run.clock.monotonicMs();
  }
}
