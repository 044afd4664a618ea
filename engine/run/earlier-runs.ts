import type { TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import type { Plan, PlannedData, PlannedTask } from '../plan/plan.ts';
import { readRun, runNames, readRunAbout } from './journal.ts';
import type { RunRecord } from './journal.ts';
import { foldTasks, plannedNames } from './recorded-tasks.ts';
import type { RecordedTask } from './recorded-tasks.ts';

/** How many runs of a study are gone back to, and how many tasks they may have together: a journal costs 10 µs a task. */
const mostRuns = 50;
const mostTasks = 200_000;

/** A run of before, with what it knew of each task. */
export interface EarlierRun {
  readonly record: RunRecord;
  readonly params: JsonObject;
  readonly smoke: boolean;
  readonly tasks: ReadonlyMap<string, RecordedTask>;
  /** Of the frozen plan, as far as it was written; a later version may have written it otherwise. */
  readonly planned: ReadonlyMap<string, Partial<PlannedTask>>;
  readonly data: ReadonlyMap<string, Partial<PlannedData>>;
}

export interface TaskInRun {
  readonly run: EarlierRun;
  readonly task: RecordedTask;
}

/** The recorded runs of a study, the newest first, read one by one as far as somebody asks back. */
export class EarlierRuns {
  readonly #store: Store;
  readonly #isOfStudy: (about: Pick<RunRecord, 'study' | 'file'>) => boolean;
  readonly #read: EarlierRun[] = [];
  #names: string[] | undefined;
  #tasks = 0;

  /** Runs of the plan's study: by its name or its file, so that either may change. */
  constructor(store: Store, plan: Pick<Plan, 'study' | 'file'>) {
    this.#store = store;
    this.#isOfStudy = ({ study, file }) => study === plan.study || file === plan.file;
  }

  /** The newest run that tells anything of a task. */
  async latest(task: string): Promise<TaskInRun | undefined> {
    for await (const run of this.each()) {
      const found = inRun(run, task);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Runs in which the task had another key than `key`, the newest first; those of the same flavour (smoke or not) before others. */
  async *before(task: string, key: TaskKey | undefined, smoke: boolean): AsyncGenerator<TaskInRun> {
    const others: TaskInRun[] = [];
    const seen = new Set([key]);
    for await (const run of this.each()) {
      const found = inRun(run, task);
      if (found?.task.key === undefined || seen.has(found.task.key)) continue;
      seen.add(found.task.key);
      if (run.smoke === smoke) yield found;
      else others.push(found);
    }
    yield* others;
  }

  /** How many have been read so far. */
  get count(): number {
    return this.#read.length;
  }

  /** Each of them, the newest first. */
  async *each(): AsyncGenerator<EarlierRun> {
    for (let at = 0; ; at++) {
      const run = this.#read[at] ?? (await this.#next());
      if (run === undefined) return;
      yield run;
    }
  }

  async #next(): Promise<EarlierRun | undefined> {
    const { runsDir } = this.#store;
    this.#names ??= [...(await runNames(runsDir))].reverse();
    while (this.#read.length < mostRuns && this.#tasks < mostTasks) {
      const name = this.#names.pop();
      if (name === undefined) return undefined;
      const about = await readRunAbout(runsDir, name);
      if (about === undefined || !this.#isOfStudy(about)) continue;
      const run = await readEarlierRun(runsDir, name);
      if (run === undefined) continue;
      this.#read.push(run);
      this.#tasks += run.tasks.size;
      return run;
    }
    return undefined;
  }
}

function inRun(run: EarlierRun, id: string): TaskInRun | undefined {
  const task = run.tasks.get(id);
  // What it never came to tells nothing.
  return task === undefined ||
    (task.state === 'pending' && task.key === undefined && task.failure === undefined)
    ? undefined
    : { run, task };
}

async function readEarlierRun(runsDir: string, name: string): Promise<EarlierRun | undefined> {
  const reading = await readRun(runsDir, name);
  if (reading === undefined) return undefined;
  const { record, events, plan } = reading;
  // Written by us, maybe by another version: everything in it is looked at as if it might not be there.
  const { params, smoke, tasks, data } = plan as {
    readonly params?: JsonObject;
    readonly smoke?: boolean;
    readonly tasks?: readonly Partial<PlannedTask>[];
    readonly data?: readonly Partial<PlannedData>[];
  };
  return {
    record,
    params: params ?? {},
    smoke: smoke === true,
    tasks: foldTasks(plannedNames(plan), events),
    planned: new Map((tasks ?? []).flatMap((task) => (task.id === undefined ? [] : [[task.id, task]]))),
    data: new Map((data ?? []).flatMap((each) => (each.name === undefined ? [] : [[each.name, each]]))),
  };
}
