import type { JsonObject } from '../../cache/json.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import type { Keyer } from '../keys/keyer.ts';
import type { Plan, PlannedInput, PlannedTask, TaskId } from '../plan/plan.ts';
import { taskId } from '../plan/plan.ts';
import { compareActions, placeName } from './compare-actions.ts';
import type { Difference } from './compare-actions.ts';
import { compareData } from './compare-data.ts';
import type { DataComparison } from './compare-data.ts';
import type { EarlierRun } from './earlier-runs.ts';
import { changedParams, explainedByParam } from './explained-by-param.ts';
import type { ChangedParam } from './explained-by-param.ts';
import type { Change } from './task-why.ts';

export interface ChangesRequest {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  readonly keyer: Keyer;
  /** Whether an output of the plan has a digest yet. */
  readonly isMade: (producer: Producer) => boolean;
}

/** The differences of two actions of one task, with what stands behind each: a producer, files of a data set, a parameter. */
export class Changes {
  readonly #request: ChangesRequest;
  readonly #params = new Map<EarlierRun, readonly ChangedParam[]>();
  readonly #data = new Map<string, Promise<DataComparison>>();

  constructor(request: ChangesRequest) {
    this.#request = request;
  }

  /** Of a task between its action in a run and the one that it has now. */
  async of(request: {
    readonly task: PlannedTask;
    readonly before: JsonObject;
    readonly after: JsonObject;
    readonly run: EarlierRun;
  }): Promise<readonly Change[]> {
    const { registry } = this.#request;
    const { task: now, before, after, run } = request;
    const was = run.planned.get(now.id);
    const schema = registry.kinds.find((each) => each.kind === now.kind)?.options ?? {};
    const differences = compareActions(before, after, schema);
    const changes: Change[] = [];
    for (const difference of differences) changes.push(await this.#describe(difference, { now, was, run }));
    return changes;
  }

  async #describe(
    difference: Difference,
    at: {
      readonly now: PlannedTask;
      readonly was: Partial<PlannedTask> | undefined;
      readonly run: EarlierRun;
    },
  ): Promise<Change> {
    const { path, before, after } = difference;
    if (path[0] !== 'inputs') {
      const param = explainedByParam(this.#changedParams(at.run), before.value, after.value);
      return param === undefined ? difference : { ...difference, param };
    }
    const input = at.now.inputs[path[1] ?? ''];
    if (input?.kind === 'data' && typeof before.value === 'string') {
      return { ...difference, data: await this.#compareData(before.value, input, at) };
    }
    const from = {
      before: sourceOf(at.was?.inputs?.[path[1] ?? ''], path[3]),
      after: sourceOf(input, path[3]),
    };
    const producer = producerOf({ ...difference, from });
    const notMade = producer !== undefined && !this.#request.isMade(producer);
    return { ...difference, from, ...(notMade ? { notMade } : {}) };
  }

  #compareData(
    before: string,
    input: Extract<PlannedInput, { kind: 'data' }>,
    at: {
      readonly was: Partial<PlannedTask> | undefined;
      readonly now: PlannedTask;
      readonly run: EarlierRun;
    },
  ): Promise<DataComparison> {
    const memo = JSON.stringify([before, input.data, input.part]);
    let comparison = this.#data.get(memo);
    if (comparison !== undefined) return comparison;
    const { plan, store, keyer } = this.#request;
    const name = Object.keys(at.now.inputs).find((each) => at.now.inputs[each] === input) ?? '';
    const was = at.was?.inputs?.[name];
    const declaredThen = was?.kind === 'data' ? at.run.data.get(was.data) : undefined;
    comparison = keyer.identify(input.data, input.part).then((found) => {
      const declared = plan.data.get(input.data);
      if (declared === undefined || found.kind !== 'identified') throw new Error(`${input.data} was keyed`);
      return compareData({
        runsDir: store.runsDir,
        before: { digest: before, declared: declaredThen },
        after: { declared, files: found.files },
        part: input.part,
      });
    });
    this.#data.set(memo, comparison);
    return comparison;
  }

  #changedParams(run: EarlierRun): readonly ChangedParam[] {
    let params = this.#params.get(run);
    if (params === undefined)
      this.#params.set(run, (params = changedParams(run.params, this.#request.plan.params)));
    return params;
  }
}

export interface Producer {
  readonly task: TaskId;
  readonly output: string;
}

/** The task to follow a change of an input's bytes to: where it came from the same task before. */
export function producerOf({ path, from, before, after }: Change): Producer | undefined {
  if (from?.after === undefined || from.before !== from.after) return undefined;
  if (before.value === undefined || after.value === undefined) return undefined;
  // Facts of what is gathered are told by the plan, whatever the bytes are.
  if (path.at(-1) !== 'artifact') return undefined;
  const dot = from.after.lastIndexOf('.');
  return { task: taskId(from.after.slice(0, dot)), output: from.after.slice(dot + 1) };
}

/** `task.output` that an input, or one item of a gathered one, is taken from. */
export function sourceOf(input: PlannedInput | undefined, item: string | undefined): string | undefined {
  if (input?.kind === 'artifact') return `${input.from}.${input.output}`;
  if (input?.kind !== 'gathered' || item === undefined) return undefined;
  const found = input.items.find(({ coordinates }) => placeName(coordinates) === item);
  return found === undefined ? undefined : `${found.from}.${found.output}`;
}
