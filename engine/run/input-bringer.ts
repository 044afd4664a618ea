import type { Digest } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { PlannedTask } from '../plan/plan.ts';

/** Inputs of so many tasks are on their way together: more would share the same line. */
const tasksAtOnce = 2;

interface Waiting {
  readonly task: PlannedTask;
  readonly go: () => void;
}

/**
 * Brings what tasks read from remotes into the store before they get a slot, so that others compute meanwhile, the most urgent first. Only
 * what is going to be read: of tasks that have no result. What is nowhere, the worker finds out.
 */
export class InputBringer {
  readonly #store: Store;
  readonly #priorityOf: (task: PlannedTask) => number;
  readonly #drained: AbortSignal;
  /** Once is enough: should one be gone again, the worker fetches it. */
  readonly #looked = new Set<Digest>();
  #waiting: Waiting[] = [];
  #under = 0;

  constructor(parts: {
    readonly store: Store;
    readonly priorityOf: (task: PlannedTask) => number;
    /** From then on nothing is waited for. */
    readonly drained: AbortSignal;
  }) {
    this.#store = parts.store;
    this.#priorityOf = parts.priorityOf;
    this.#drained = parts.drained;
    this.#drained.addEventListener('abort', () => {
      for (const { go } of this.#waiting.splice(0)) go();
    });
  }

  async bring(task: PlannedTask, artifacts: readonly Digest[]): Promise<void> {
    if (this.#store.bring === undefined) return;
    const lacking = new Set(artifacts.filter((artifact) => !this.#looked.has(artifact)));
    if (lacking.size === 0) return;
    await this.#turn(task);
    try {
      for (const artifact of lacking) {
        if (this.#drained.aborted) return;
        await this.#store.bring(artifact, this.#drained);
        this.#looked.add(artifact);
      }
    } finally {
      this.#handOn();
    }
  }

  #turn(task: PlannedTask): Promise<void> {
    if (this.#under >= tasksAtOnce && !this.#drained.aborted)
      return new Promise((go) => this.#waiting.push({ task, go }));
    this.#under += 1;
    return Promise.resolve();
  }

  /** A turn that is over is the next one's. */
  #handOn(): void {
    if (this.#waiting.length === 0) {
      this.#under -= 1;
      return;
    }
    const urgent = this.#waiting.reduce((first, each) =>
      this.#priorityOf(each.task) > this.#priorityOf(first.task) ? each : first,
    );
    this.#waiting = this.#waiting.filter((each) => each !== urgent);
    urgent.go();
  }
}
