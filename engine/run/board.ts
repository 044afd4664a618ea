import type { Digest, TaskKey } from '../../cache/digest.ts';
import { withProducers } from '../plan/graph.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import type { Outputs, RunCounts, TaskFailure } from './events.ts';

/** How a task of the run came out. */
export type TaskResult =
  | { readonly kind: 'cached'; readonly key: TaskKey; readonly outputs: Outputs }
  | { readonly kind: 'done'; readonly key: TaskKey; readonly outputs: Outputs }
  | { readonly kind: 'failed'; readonly failure: TaskFailure }
  | { readonly kind: 'blocked'; readonly by: TaskId }
  /** The run ended before its turn. */
  | { readonly kind: 'not-run' };

/** How an attempt to compute a task came out. */
export type Computed =
  | TaskResult
  /** These inputs' bytes are nowhere: their producers have to run again first. */
  | { readonly kind: 'inputs-missing'; readonly digests: readonly Digest[] };

/** What is wanted of the plan, what each task still waits for, and how each came out. */
export class Board {
  readonly wanted: ReadonlySet<TaskId>;
  readonly #plan: Plan;
  readonly #waiting = new Map<TaskId, number>();
  readonly #results = new Map<TaskId, TaskResult>();

  /** `only` are tasks to run with all they need; undefined for the whole plan. */
  constructor(plan: Plan, only: Iterable<TaskId> | undefined) {
    this.#plan = plan;
    this.wanted = only === undefined ? new Set(plan.tasks.keys()) : withProducers(plan, only);
    for (const id of this.wanted) this.#waiting.set(id, plan.graph.producersOf(id).length);
  }

  get results(): ReadonlyMap<TaskId, TaskResult> {
    return this.#results;
  }

  get isComplete(): boolean {
    return this.#results.size === this.wanted.size;
  }

  /** Tasks that wait for nothing, in plan order. */
  ready(): readonly PlannedTask[] {
    return [...this.wanted].filter((id) => this.#waiting.get(id) === 0).map((id) => this.task(id));
  }

  task(id: TaskId): PlannedTask {
    const task = this.#plan.tasks.get(id);
    if (task === undefined) throw new Error(`the plan has no task ${id}`);
    return task;
  }

  outputOf(task: TaskId, output: string): Digest | undefined {
    const result = this.#results.get(task);
    return result !== undefined && 'outputs' in result ? result.outputs[output] : undefined;
  }

  consumersOf(id: TaskId): readonly TaskId[] {
    return this.#plan.graph.consumersOf(id).filter((each) => this.wanted.has(each));
  }

  /** Everything downstream of a task, without it. */
  descendantsOf(id: TaskId): ReadonlySet<TaskId> {
    const found = new Set<TaskId>();
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const consumer of this.consumersOf(next)) {
        if (found.has(consumer)) continue;
        found.add(consumer);
        open.push(consumer);
      }
    }
    return found;
  }

  /** Enters a result that stands; answers with the tasks that are ready by it. */
  succeed(id: TaskId, result: TaskResult & { readonly kind: 'cached' | 'done' }): readonly PlannedTask[] {
    const first = !this.#results.has(id);
    this.#results.set(id, result);
    if (!first) return [];
    return this.consumersOf(id)
      .filter((consumer) => {
        const left = (this.#waiting.get(consumer) ?? 0) - 1;
        this.#waiting.set(consumer, left);
        return left === 0 && !this.#results.has(consumer);
      })
      .map((consumer) => this.task(consumer));
  }

  /** Enters a failure; answers with the tasks that can no longer run because of it. */
  fail(id: TaskId, result: TaskResult & { readonly kind: 'failed' | 'blocked' }): readonly TaskId[] {
    this.#results.set(id, result);
    const by = result.kind === 'blocked' ? result.by : id;
    const blocked: TaskId[] = [];
    const open = [id];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const consumer of this.consumersOf(next)) {
        if (this.#results.has(consumer)) continue;
        this.#results.set(consumer, { kind: 'blocked', by });
        blocked.push(consumer);
        open.push(consumer);
      }
    }
    return blocked;
  }

  /** Enters that a task will not run, or is not finished. */
  skip(id: TaskId): void {
    if (!this.#results.has(id)) this.#results.set(id, { kind: 'not-run' });
  }

  counts(): RunCounts {
    const counts = { cached: 0, done: 0, failed: 0, blocked: 0, notRun: 0 };
    for (const id of this.wanted) {
      const kind = this.#results.get(id)?.kind ?? 'not-run';
      counts[kind === 'not-run' ? 'notRun' : kind]++;
    }
    return counts;
  }
}
