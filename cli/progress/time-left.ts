import type { PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import type { TaskGraph } from '../../engine/plan/task-graph.ts';
import type { RunEvent } from '../../engine/run/events.ts';
import { roughDuration } from './duration.ts';

/** The longest chain is looked for this seldom, in milliseconds, and never more than a hundredth of the time is spent on it. */
const leastLookMs = 2_000;

/** An estimate that is only so much too short still holds. */
const graceMs = 1_000;

export interface Estimate {
  readonly ms: number;
  /** Some of what is left has never been measured. */
  readonly isLeast: boolean;
}

/** `about 3 min left`, `at least 3 min left`; empty where nothing is known. */
export function leftText(estimate: Estimate | undefined): string {
  if (estimate === undefined || (estimate.isLeast && estimate.ms < 1000)) return '';
  return `${estimate.isLeast ? 'at least' : 'about'} ${roughDuration(estimate.ms)} left`;
}

/**
 * Estimates how long a run still takes from what its own tasks took, or else those of earlier runs, task by task name: all
 * the work over the slots, and no less than the longest chain of tasks that wait for each other. What was never seen counts
 * nothing, and the estimate says that it is the least.
 */
export class TimeLeft {
  readonly #names = new Map<TaskId, string>();
  readonly #open = new Map<string, number>();
  readonly #seen = new Map<string, { count: number; totalMs: number }>();
  readonly #settled = new Set<TaskId>();
  readonly #running = new Map<TaskId, number>();
  readonly #graph: TaskGraph;
  /** Consumers before producers. Found when it is first needed. */
  #order: readonly TaskId[] | undefined;
  #expected: ReadonlyMap<string, number> = new Map();
  #askExpected: (() => Promise<ReadonlyMap<string, number>>) | undefined;
  #chain = { atMs: Number.NEGATIVE_INFINITY, costMs: 0, ms: 0 };
  /** 0 where nobody knows how many compute at a time. */
  #slots = 1;

  /**
   * @param tasks those that the run will settle
   * @param expectedMs task name -> what one instance took in earlier runs; asked once something runs, and gives way to
   *   what this run shows
   */
  constructor(
    tasks: Iterable<Pick<PlannedTask, 'id' | 'name'>>,
    graph: TaskGraph,
    expectedMs: () => Promise<ReadonlyMap<string, number>> = () => Promise.resolve(new Map()),
  ) {
    this.#graph = graph;
    this.#askExpected = expectedMs;
    for (const { id, name } of tasks) {
      this.#names.set(id, name);
      this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    }
  }

  note(event: RunEvent): void {
    switch (event.kind) {
      case 'run-started':
        this.#slots = event.slots.length;
        return;
      case 'task-started':
        this.#running.set(event.task, Date.parse(event.at));
        this.#askOnce();
        return;
      case 'task-done': {
        const name = this.#names.get(event.task);
        if (name !== undefined) {
          const { count, totalMs } = this.#seen.get(name) ?? { count: 0, totalMs: 0 };
          this.#seen.set(name, { count: count + 1, totalMs: totalMs + event.durationMs });
        }
        this.#settle(event.task);
        return;
      }
      case 'task-cached':
      case 'task-blocked':
        this.#settle(event.task);
        return;
      case 'task-failed':
        this.#running.delete(event.task);
        if (!event.willRetry) this.#settle(event.task);
        return;
      case 'task-keyed':
      case 'task-waiting':
      case 'task-progress':
      case 'data-indexed':
      case 'slot-quarantined':
      case 'warning':
      case 'draining':
      case 'run-finished':
    }
  }

  /** Takes what was known of durations beforehand, for one who cannot wait until something runs. */
  expect(expectedMs: ReadonlyMap<string, number>): void {
    this.#expected = expectedMs;
    this.#askExpected = undefined;
  }

  /** What is left, or undefined where nothing is known of any of it. */
  estimate(nowMs: number): Estimate | undefined {
    let work = 0;
    let known = 0;
    let unknown = 0;
    const overdue = this.#overdue(nowMs);
    const cost = (name: string): number | undefined => {
      const each = this.eachMs(name);
      return each === undefined ? undefined : Math.max(each, overdue.get(name) ?? 0);
    };
    for (const [name, open] of this.#open) {
      if (open === 0) continue;
      const each = cost(name);
      if (each === undefined) unknown += open;
      else known += open;
      work += open * (each ?? 0);
    }
    if (known === 0 && unknown > 0) return undefined;
    for (const [task, startedMs] of this.#running) {
      const name = this.#names.get(task);
      const each = name === undefined ? undefined : cost(name);
      work -= Math.min(nowMs - startedMs, each ?? 0);
    }
    const atATime = this.#slots === 0 ? Math.max(1, this.#running.size) : this.#slots;
    const ms = Math.max(0, work / atATime, this.#chainMs(nowMs));
    return { ms, isLeast: unknown > 0 || overdue.size > 0 };
  }

  /**
   * Names of which an instance runs longer than any was expected to, before one of this run has ended: what was known of
   * them is wrong by now, and each takes at least that long.
   */
  #overdue(nowMs: number): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const [task, startedMs] of this.#running) {
      const name = this.#names.get(task) ?? '';
      const passedMs = nowMs - startedMs;
      if (this.#seen.has(name) || passedMs <= (this.#expected.get(name) ?? Infinity) + graceMs) continue;
      found.set(name, Math.max(found.get(name) ?? 0, passedMs));
    }
    return found;
  }

  /** What one instance of a task takes; undefined where nothing is known. */
  eachMs(name: string): number | undefined {
    const seen = this.#seen.get(name);
    return seen === undefined ? this.#expected.get(name) : seen.totalMs / seen.count;
  }

  #askOnce(): void {
    this.#askExpected?.().then(
      (expected) => (this.#expected = expected),
      // An estimate is a comfort: where the store cannot be read, whoever needs it will say so.
      () => undefined,
    );
    this.#askExpected = undefined;
  }

  #costMs(task: TaskId): number {
    const name = this.#names.get(task);
    return name === undefined || this.#settled.has(task) ? 0 : (this.eachMs(name) ?? 0);
  }

  /** The longest chain of what is open; in between as of its last look, less the time since. */
  #chainMs(nowMs: number): number {
    const { atMs, costMs, ms } = this.#chain;
    if (nowMs - atMs < Math.max(leastLookMs, 100 * costMs)) return ms - (nowMs - atMs);
    const began = performance.now();
    this.#order ??= this.#graph.topologicalOrder().toReversed();
    const lengths = new Map<TaskId, number>();
    let longest = 0;
    for (const task of this.#order) {
      let after = 0;
      for (const next of this.#graph.consumersOf(task)) after = Math.max(after, lengths.get(next) ?? 0);
      const startedMs = this.#running.get(task);
      const cost = this.#costMs(task);
      const own = startedMs === undefined ? cost : Math.max(0, cost - (nowMs - startedMs));
      if (after + own > 0) lengths.set(task, after + own);
      longest = Math.max(longest, after + own);
    }
    this.#chain = { atMs: nowMs, costMs: performance.now() - began, ms: longest };
    return longest;
  }

  #settle(task: TaskId): void {
    const name = this.#names.get(task);
    this.#running.delete(task);
    if (name === undefined || this.#settled.has(task)) return;
    this.#settled.add(task);
    this.#open.set(name, (this.#open.get(name) ?? 1) - 1);
  }
}
