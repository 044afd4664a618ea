import type { Digest } from '../../cache/digest.ts';
import type { PlannedTask, TaskId } from '../plan/plan.ts';
import { standIn } from '../worker/draft-job.ts';
import type { Job } from '../worker/protocol.ts';
import type { Drafting } from './drafting.ts';
import { makeJob } from './make-job.ts';
import type { RunState } from './run-state.ts';
import { whyUnreadable } from '../keys/recorded-data.ts';

/** Drafts from a run's own board and keys. */
export class JobDrafts implements Drafting {
  readonly #run: Pick<RunState, 'plan' | 'board' | 'keyer' | 'dataLists' | 'folder' | 'maker'>;
  readonly #priorityOf: (task: PlannedTask) => number;

  constructor(
    run: Pick<RunState, 'plan' | 'board' | 'keyer' | 'dataLists' | 'folder' | 'maker'>,
    priorityOf: (task: PlannedTask) => number,
  ) {
    this.#run = run;
    this.#priorityOf = priorityOf;
  }

  after(made: ReadonlySet<TaskId>, accepts: (task: PlannedTask) => boolean): readonly PlannedTask[] {
    const { board } = this.#run;
    const consumers = new Set([...made].flatMap((id) => board.consumersOf(id)));
    return [...consumers]
      .filter((id) => !made.has(id) && !board.results.has(id))
      .map((id) => board.task(id))
      .filter((task) => accepts(task) && this.#isDueAfter(task, made))
      .toSorted((a, b) => this.#priorityOf(b) - this.#priorityOf(a));
  }

  async draft(task: PlannedTask, parts: ReadonlyMap<TaskId, number>): Promise<Job | undefined> {
    const { board, keyer } = this.#run;
    const outputOf = (from: TaskId, output: string): Digest | undefined => {
      const part = parts.get(from);
      return part === undefined ? board.outputOf(from, output) : standIn(part, output);
    };
    const keyed = keyer.keyNow(task, outputOf);
    if (keyed instanceof Promise) {
      // Whoever makes the task's own key hears of it.
      keyed.catch(() => undefined);
      return undefined;
    }
    if (keyed.kind !== 'keyed') return undefined;
    if (whyUnreadable({ data: keyed.data.values(), absentFiles: keyed.absentFiles }) !== undefined)
      return undefined;
    return makeJob({ ...this.#run, board: { task: (id) => board.task(id), outputOf } }, task, keyed, false);
  }

  producersAmong(task: PlannedTask, parts: ReadonlyMap<TaskId, number>): readonly number[] {
    return this.#run.plan.graph.producersOf(task.id).flatMap((id) => parts.get(id) ?? []);
  }

  #isDueAfter(task: PlannedTask, made: ReadonlySet<TaskId>): boolean {
    const { board, plan } = this.#run;
    return plan.graph.producersOf(task.id).every((id) => {
      const result = board.results.get(id);
      return made.has(id) || (result !== undefined && 'outputs' in result);
    });
  }
}
