import { digestOf } from '../../cache/digest.ts';
import type { TaskKey } from '../../cache/digest.ts';
import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import { Keyer } from '../keys/keyer.ts';
import { readAction } from '../keys/read-action.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import { assessPlan } from './assess-plan.ts';
import type { PlanAssessment } from './assess-plan.ts';
import { Changes, producerOf, sourceOf } from './changes.ts';
import type { Producer } from './changes.ts';
import { EarlierRuns } from './earlier-runs.ts';
import type { EarlierRun, TaskInRun } from './earlier-runs.ts';
import { findAlike } from './find-alike.ts';
import { Standings } from './standings.ts';
import { causeName } from './task-why.ts';
import type { Cause, Change, TaskWhy } from './task-why.ts';

export interface WhyRequest {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly tasks: readonly TaskId[];
}

/** How many tasks are looked at so closely that other tasks' actions are searched for what is nearest. */
const mostSearched = 20;
/** How many earlier actions are tried before one is found that can still be read. */
const mostUnreadable = 8;

/** Why each task is what a plan says of it, with the evidence. In the order asked. */
export async function explain(request: WhyRequest): Promise<readonly TaskWhy[]> {
  const { plan, registry, store, tasks } = request;
  const keyer = new Keyer({ plan, registry, store, signal: new AbortController().signal });
  const assessment = await assessPlan({ plan, registry, store, deviceClass: '', only: tasks, keyer });
  const explainer = new Explainer(request, keyer, assessment);
  const answers: TaskWhy[] = [];
  for (const task of tasks) answers.push(await explainer.explain(task));
  return answers;
}

class Explainer {
  readonly #request: WhyRequest;
  readonly #keyer: Keyer;
  readonly #assessment: PlanAssessment;
  readonly #runs: EarlierRuns;
  readonly #standings: Standings;
  readonly #changes: Changes;
  readonly #actionsNow = new Map<TaskId, JsonObject>();
  readonly #roots = new Map<EarlierRun, Map<TaskId, readonly Cause[]>>();

  constructor(request: WhyRequest, keyer: Keyer, assessment: PlanAssessment) {
    this.#request = request;
    this.#keyer = keyer;
    this.#assessment = assessment;
    this.#runs = new EarlierRuns(request.store, request.plan);
    this.#standings = new Standings(request, { assessment, runs: this.#runs });
    this.#changes = new Changes({
      ...request,
      keyer,
      isMade: ({ task, output }) => assessment.tasks.get(task)?.outputs?.[output] !== undefined,
    });
  }

  async explain(id: TaskId): Promise<TaskWhy> {
    const standing = await this.#standings.of(id);
    const key = this.#assessment.tasks.get(id)?.key;
    const bare = { task: id, standing, key, against: undefined, changes: [], causes: [] };
    switch (standing.state) {
      case 'cached':
      case 'unusable':
      case 'running':
      case 'blocked':
        return bare;
      case 'run':
        if (standing.reason.kind === 'bytes-gone' || standing.reason.kind === 'result-gone') return bare;
        break;
      case 'failed':
      case 'if-changed':
    }
    const base = await this.#base(id, key);
    if (base === undefined) return { ...bare, ...(await this.#alike(id)) };
    const { run, task, action } = base;
    const changes = await this.#changesOf(id, action, run);
    const against = { key: task.key!, task: id, run: run.record.run, how: 'same-task' as const };
    return { ...bare, against, changes, causes: await this.#causes(id, changes, run) };
  }

  #task(id: TaskId): PlannedTask {
    const task = this.#request.plan.tasks.get(id);
    if (task === undefined) throw new Error(`the plan has no task ${id}`);
    return task;
  }

  /** The task's newest other action that can still be read. */
  async #base(
    id: TaskId,
    key: TaskKey | undefined,
  ): Promise<(TaskInRun & { readonly action: JsonObject }) | undefined> {
    let tried = 0;
    for await (const found of this.#runs.before(id, key, this.#request.plan.smoke)) {
      const action = await readAction(this.#request.store, found.task.key!);
      if (action !== undefined) return { ...found, action };
      if (++tried >= mostUnreadable) return undefined;
    }
    return undefined;
  }

  /** Outputs that nobody can know yet are stood in for, so that all else can be compared. */
  async #actionNow(id: TaskId): Promise<JsonObject> {
    let action = this.#actionsNow.get(id);
    if (action !== undefined) return action;
    const keyed = await this.#keyer.key(
      this.#task(id),
      (from, output) =>
        this.#assessment.tasks.get(from)?.outputs?.[output] ?? digestOf(`${from}.${output}, not made yet`),
    );
    if (keyed.kind !== 'keyed') throw new Error(`${id} could be assessed but not keyed: ${keyed.kind}`);
    action = JSON.parse(keyed.keyed.text) as JsonObject;
    this.#actionsNow.set(id, action);
    return action;
  }

  async #changesOf(id: TaskId, before: JsonObject, run: EarlierRun): Promise<readonly Change[]> {
    return this.#changes.of({ task: this.#task(id), before, after: await this.#actionNow(id), run });
  }

  /** What somebody did that made these changes. */
  async #causes(id: TaskId, changes: readonly Change[], run: EarlierRun): Promise<readonly Cause[]> {
    const causes = new Map<string, Cause>();
    const add = (cause: Cause): void => void causes.set(causeName(cause), cause);
    for (const change of changes) {
      const producer = producerOf(change);
      if (producer === undefined) add({ kind: 'changed', task: id, change });
      else for (const cause of await this.#rootsOf(producer, run)) add(cause);
    }
    return [...causes.values()];
  }

  /** Why a task before has, or will have, another output than it had in a run. */
  async #rootsOf(producer: Producer, run: EarlierRun): Promise<readonly Cause[]> {
    const { task: id, output } = producer;
    const known = this.#roots.get(run) ?? new Map<TaskId, readonly Cause[]>();
    this.#roots.set(run, known);
    const found = known.get(id);
    if (found !== undefined) return found;
    const was = run.tasks.get(id)?.key;
    let causes: readonly Cause[];
    if (was === undefined) causes = [{ kind: 'new', task: id }];
    else if (was === this.#assessment.tasks.get(id)?.key) causes = [{ kind: 'remade', task: id, output }];
    else {
      const before = await readAction(this.#request.store, was);
      causes =
        before === undefined
          ? [{ kind: 'new', task: id }]
          : await this.#causes(id, await this.#changesOf(id, before, run), run);
    }
    known.set(id, causes);
    return causes;
  }

  /** Where no run had the task: what is nearest to it of its kind, unless too many ask. */
  async #alike(id: TaskId): Promise<Partial<TaskWhy>> {
    const { tasks, store, registry } = this.#request;
    if (tasks.length > mostSearched) return {};
    const task = this.#task(id);
    const schema = registry.kinds.find((each) => each.kind === task.kind)?.options ?? {};
    const now = await this.#actionNow(id);
    const nearest = await findAlike({ task, now, schema, runs: this.#runs, store });
    if (nearest === undefined) return {};
    const { differences, ...found } = nearest;
    return {
      against: { ...found, how: 'alike' },
      changes: differences.map((difference) => {
        const after = sourceOf(task.inputs[difference.path[1] ?? ''], difference.path[3]);
        return difference.path[0] === 'inputs'
          ? { ...difference, from: { before: undefined, after } }
          : difference;
      }),
    };
  }
}
