import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { QueueRow } from '../../../../engine/executors/slurm/queue-listing.ts';
import type { SlurmCommands } from '../../../../engine/executors/slurm/slurm-commands.ts';

/** A queue that begins every job at once, as a process of this host; with hands to make it misbehave. */
export class SmallQueue implements SlurmCommands {
  readonly submissions: (readonly string[])[] = [];
  /** Words with which the next submissions are refused; `lost` ones are taken all the same. */
  readonly refusals: { readonly words: string; readonly lost?: boolean }[] = [];
  arraySize = 1001;
  /** What jobs that were cancelled, or ended by the queue, end as. */
  endState = 'CANCELLED';
  /** How long jobs of partitions may run, in minutes. */
  longest: ReadonlyMap<string, number> = new Map();
  /** Whether jobs wait until `release`. */
  isFull = false;
  readonly #held: (() => void)[] = [];
  questions = 0;
  /** Whether ended jobs are forgotten at once. */
  forgets = false;
  readonly #rows = new Map<string, QueueRow>();
  readonly #again = new Map<string, () => void>();
  readonly #processes = new Map<string, ChildProcess>();
  #jobs = 0;

  submit(options: readonly string[]): ReturnType<SlurmCommands['submit']> {
    this.submissions.push(options);
    const refusal = this.refusals.shift();
    if (refusal !== undefined && refusal.lost !== true)
      return Promise.resolve({ kind: 'refused', words: refusal.words });
    const jobId = String(++this.#jobs);
    const last = Number(
      /^--array=0-(\d+)$/.exec(options.find((each) => each.startsWith('--array')) ?? '')?.[1],
    );
    const comment = options.find((each) => each.startsWith('--comment='))?.slice('--comment='.length) ?? '';
    for (let index = 0; index <= last; index++)
      this.#enter(`${jobId}_${index}`, index, options.at(-1) ?? '', comment);
    return Promise.resolve(refusal === undefined ? { jobId } : { kind: 'refused', words: refusal.words });
  }

  queue(): Promise<readonly QueueRow[]> {
    this.questions++;
    return Promise.resolve([...this.#rows.values()]);
  }

  accounts(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map());
  }

  cancel(ids: readonly string[], only?: 'waiting'): Promise<void> {
    for (const id of ids) {
      const row = this.#rows.get(id);
      if (row?.state === 'PENDING') this.#rows.set(id, { ...row, state: 'CANCELLED' });
      else if (only !== 'waiting') this.end(id, 'SIGTERM');
    }
    return Promise.resolve();
  }

  /** Begins what waits, and from now on everything at once. */
  release(): void {
    this.isFull = false;
    for (const begin of this.#held.splice(0)) begin();
  }

  largestArray(): Promise<number> {
    return Promise.resolve(this.arraySize);
  }

  longestTimes(): Promise<ReadonlyMap<string, number>> {
    return Promise.resolve(this.longest);
  }

  stateOf(id: string): ReturnType<SlurmCommands['stateOf']> {
    const row = this.#rows.get(id);
    return Promise.resolve(row === undefined ? 'not-there' : { is: row.state });
  }

  clusterName(): Promise<string> {
    return Promise.resolve('small');
  }

  /** Takes a job from its node and begins it again, as when the node is lost. */
  async requeue(id: string): Promise<void> {
    const again = this.#again.get(id);
    const child = this.#processes.get(id);
    if (again === undefined || child === undefined) throw new Error(`no job ${id}`);
    child.removeAllListeners('exit');
    const ended = once(child, 'exit');
    // The shell and its worker: nothing of a job outlives it.
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
    again();
  }

  /** Ends a job as the queue does when it wants the node back. */
  end(id: string, signal: NodeJS.Signals): void {
    this.#processes.get(id)?.kill(signal);
  }

  #enter(id: string, index: number, script: string, comment: string): void {
    if (!this.isFull) {
      this.#begin(id, index, script, comment);
      return;
    }
    this.#rows.set(id, { id, state: 'PENDING', reason: 'Resources', comment });
    this.#held.push(() => {
      if (this.#rows.get(id)?.state === 'PENDING') this.#begin(id, index, script, comment);
    });
  }

  #begin(id: string, index: number, script: string, comment: string): void {
    const row = { id, reason: 'None', comment };
    this.#again.set(id, () => this.#begin(id, index, script, comment));
    const child = spawn('bash', [script], {
      env: { ...process.env, SLURM_ARRAY_TASK_ID: String(index) },
      stdio: 'ignore',
      detached: true,
    });
    this.#processes.set(id, child);
    this.#rows.set(id, { ...row, state: 'RUNNING' });
    child.on('exit', (code) => {
      if (this.forgets) this.#rows.delete(id);
      else this.#rows.set(id, { ...row, state: code === 0 ? 'COMPLETED' : this.endState });
    });
  }
}
