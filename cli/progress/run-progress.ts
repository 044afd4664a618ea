import type { ProgressReport } from '../../engine/contract/task-context.ts';
import type { PlannedTask, TaskId } from '../../engine/plan/plan.ts';
import type { TaskGraph } from '../../engine/plan/task-graph.ts';
import type { RunEvent } from '../../engine/run/events.ts';

/** How an instance stands. `elsewhere`: another run computes it; `waiting`: for instances of this run. */
export type Standing =
  'waiting' | 'ready' | 'running' | 'elsewhere' | 'cached' | 'done' | 'failed' | 'blocked';

export type Counts = { readonly [standing in Standing]: number };

/** The instances of one task name together. */
export interface NameProgress {
  readonly name: string;
  readonly total: number;
  readonly counts: Counts;
  /** Names that its instances follow, whether or not those have ended. */
  readonly follows: ReadonlySet<string>;
}

export interface RunningTask {
  readonly task: TaskId;
  readonly slot: string;
  readonly startedMs: number;
  readonly attempt: number;
  /** How many attempts the study grants; more are made where not the task is to blame. */
  readonly attempts: number;
  /** The study's own limit on its time. */
  readonly timeoutMs: number | undefined;
  readonly resumed: boolean;
  readonly progress: ProgressReport | undefined;
}

/** What of a task of the plan is looked at. */
export type ShownTask = Pick<PlannedTask, 'id' | 'name'> &
  Partial<Pick<PlannedTask, 'retries' | 'timeoutMs'>>;

/** What a person wants to know of a run at any moment, kept up with its events at the cost of what each changes. */
export class RunProgress {
  readonly total: number;
  /** In plan order. */
  readonly names: ReadonlyMap<string, NameProgress>;
  readonly #byName: ReadonlyMap<string, Mutable>;
  readonly #entries = new Map<TaskId, Entry>();
  readonly #graph: TaskGraph;
  readonly #counts = noCounts();
  readonly #running = new Map<TaskId, RunningTask>();
  readonly #elsewhere = new Map<TaskId, string>();
  #study = '';
  #slots: readonly string[] = [];
  #draining: (RunEvent & { readonly kind: 'draining' })['reason'] | undefined;

  /** @param tasks those that the run will settle, in plan order */
  constructor(tasks: Iterable<ShownTask>, graph: TaskGraph) {
    this.#graph = graph;
    const names = new Map<string, Mutable>();
    for (const { id, name, retries = 0, timeoutMs } of tasks) {
      const of = names.get(name) ?? { name, total: 0, counts: noCounts(), follows: new Set() };
      names.set(name, of);
      of.total += 1;
      const limits = { attempts: retries + 1, timeoutMs };
      this.#entries.set(id, {
        of,
        limits,
        standing: 'waiting',
        open: graph.producersOf(id).length,
        stands: false,
      });
    }
    this.total = this.#entries.size;
    for (const [id, entry] of this.#entries) {
      entry.standing = entry.open === 0 ? 'ready' : 'waiting';
      entry.of.counts[entry.standing] += 1;
      this.#counts[entry.standing] += 1;
      for (const producer of graph.producersOf(id)) {
        const from = this.#entries.get(producer)?.of.name;
        if (from !== undefined && from !== entry.of.name) entry.of.follows.add(from);
      }
    }
    this.#byName = names;
    this.names = names;
  }

  get study(): string {
    return this.#study;
  }

  get slots(): readonly string[] {
    return this.#slots;
  }

  get counts(): Counts {
    return this.#counts;
  }

  get running(): ReadonlyMap<TaskId, RunningTask> {
    return this.#running;
  }

  /** Instance -> who computes it. */
  get elsewhere(): ReadonlyMap<TaskId, string> {
    return this.#elsewhere;
  }

  get draining(): (RunEvent & { readonly kind: 'draining' })['reason'] | undefined {
    return this.#draining;
  }

  /** How many instances have come to an end, whatever it was. */
  get settled(): number {
    const { cached, done, failed, blocked } = this.#counts;
    return cached + done + failed + blocked;
  }

  /** Names of what instances of a name still wait for. */
  waitsFor({ follows }: NameProgress): readonly string[] {
    return [...follows].filter((name) => {
      const producers = this.#byName.get(name);
      return producers !== undefined && settledOf(producers) < producers.total;
    });
  }

  note(event: RunEvent): void {
    switch (event.kind) {
      case 'run-started':
        this.#study = event.study;
        this.#slots = event.slots;
        return;
      case 'task-cached':
        this.#move(event.task, 'cached');
        return;
      case 'task-waiting':
        this.#move(event.task, 'elsewhere');
        this.#elsewhere.set(event.task, event.owner);
        return;
      case 'task-started': {
        this.#move(event.task, 'running');
        const { task, attempt, resumed } = event;
        const slot = event.job === undefined ? event.slot : `${event.slot} ${event.job.host}`;
        const startedMs = Date.parse(event.at);
        const limits = this.#entries.get(task)?.limits ?? { attempts: 1, timeoutMs: undefined };
        this.#running.set(task, { task, slot, attempt, ...limits, resumed, startedMs, progress: undefined });
        return;
      }
      case 'task-progress': {
        const running = this.#running.get(event.task);
        if (running !== undefined) this.#running.set(event.task, { ...running, progress: event.progress });
        return;
      }
      case 'task-done':
        this.#move(event.task, 'done');
        return;
      case 'task-failed':
        this.#move(event.task, event.willRetry ? 'ready' : 'failed');
        return;
      case 'task-blocked':
        this.#move(event.task, 'blocked');
        return;
      case 'draining':
        this.#draining = event.reason;
        return;
      case 'task-keyed':
      case 'data-indexed':
      case 'slot-quarantined':
      case 'warning':
      case 'run-finished':
    }
  }

  #move(task: TaskId, standing: Standing): void {
    const entry = this.#entries.get(task);
    if (entry === undefined) return;
    if (entry.standing === 'running') this.#running.delete(task);
    if (entry.standing === 'elsewhere') this.#elsewhere.delete(task);
    this.#count(entry, standing);
    // A result that is made again (its bytes were gone) makes nothing ready a second time.
    if ((standing !== 'cached' && standing !== 'done') || entry.stands) return;
    entry.stands = true;
    for (const consumer of this.#graph.consumersOf(task)) {
      const next = this.#entries.get(consumer);
      if (next === undefined) continue;
      next.open -= 1;
      if (next.open === 0 && next.standing === 'waiting') this.#count(next, 'ready');
    }
  }

  #count(entry: Entry, standing: Standing): void {
    for (const counts of [entry.of.counts, this.#counts]) {
      counts[entry.standing] -= 1;
      counts[standing] += 1;
    }
    entry.standing = standing;
  }
}

/** How many instances of a name have come to an end. */
export function settledOf({ counts }: NameProgress): number {
  return counts.cached + counts.done + counts.failed + counts.blocked;
}

interface Mutable extends NameProgress {
  total: number;
  readonly counts: { [standing in Standing]: number };
  readonly follows: Set<string>;
}

interface Entry {
  readonly of: Mutable;
  readonly limits: Pick<RunningTask, 'attempts' | 'timeoutMs'>;
  standing: Standing;
  /** Producers without a result so far. */
  open: number;
  /** Whether it has had a result. */
  stands: boolean;
}

function noCounts(): { [standing in Standing]: number } {
  return { waiting: 0, ready: 0, running: 0, elsewhere: 0, cached: 0, done: 0, failed: 0, blocked: 0 };
}
