import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { StopReason } from '../contract/task-context.ts';
import type { PlannedTask } from '../plan/plan.ts';
import type { Job } from '../worker/protocol.ts';
import type { AttemptEnd, JobWatch } from './attempt.ts';
import type { AttemptRunner } from './attempt-runner.ts';

/** Some tasks on the driver's own host, the others elsewhere. */
export class SplitRunner implements AttemptRunner {
  readonly #openHere: () => AttemptRunner;
  readonly #elsewhere: AttemptRunner;
  readonly #isHere: (task: PlannedTask) => boolean;
  #here: AttemptRunner | undefined;

  constructor(parts: {
    /** Called when the first task is to be computed here. */
    readonly openHere: () => AttemptRunner;
    readonly elsewhere: AttemptRunner;
    readonly isHere: (task: PlannedTask) => boolean;
  }) {
    this.#openHere = parts.openHere;
    this.#elsewhere = parts.elsewhere;
    this.#isHere = parts.isHere;
  }

  submit(task: PlannedTask, job: Job, watch: JobWatch): Promise<AttemptEnd | { readonly kind: 'withdrawn' }> {
    const runner = this.#isHere(task) ? (this.#here ??= this.#openHere()) : this.#elsewhere;
    return runner.submit(task, job, watch);
  }

  expects(key: TaskKey): boolean {
    return this.#runners().some((runner) => runner.expects(key));
  }

  async lookForResults(store: Store): Promise<void> {
    for (const runner of this.#runners()) await runner.lookForResults(store);
  }

  withdrawAll(): void {
    for (const runner of this.#runners()) runner.withdrawAll();
  }

  stopAll(reason: StopReason): void {
    for (const runner of this.#runners()) runner.stopAll(reason);
  }

  leaveAll(): void {
    for (const runner of this.#runners()) runner.leaveAll();
  }

  reorder(): void {
    for (const runner of this.#runners()) runner.reorder();
  }

  async close(): Promise<void> {
    await Promise.all(this.#runners().map((runner) => runner.close()));
  }

  #runners(): readonly AttemptRunner[] {
    return this.#here === undefined ? [this.#elsewhere] : [this.#here, this.#elsewhere];
  }
}
