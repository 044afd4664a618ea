import type { JsonObject } from '../../../cache/json.ts';
import { buildGraph } from '../../../engine/plan/graph.ts';
import { taskId } from '../../../engine/plan/plan.ts';
import type { Plan, PlannedData, PlannedInput, PlannedTask, TaskId } from '../../../engine/plan/plan.ts';

/** A task as a test says it; everything else has the usual value. */
export interface TaskSketch extends Partial<Omit<PlannedTask, 'id' | 'name' | 'kind' | 'inputs' | 'needs'>> {
  readonly kind?: string;
  /** `producer.output` for one artifact, a list of them for a gathered input, `data:NAME` for data. */
  readonly inputs?: { readonly [input: string]: string | readonly string[] };
  readonly needs?: readonly string[];
}

export interface PlanSketch {
  /** Absolute path of the study file. */
  readonly file?: string;
  readonly smoke?: boolean;
  readonly data?: { readonly [name: string]: Partial<PlannedData> & { readonly adapter: string } };
  readonly tasks: { readonly [id: string]: TaskSketch };
}

const place = { file: 'study.yaml', line: 1, column: 1 };

/** A plan made by hand. */
export function sketchPlan(sketch: PlanSketch): Plan {
  const tasks = new Map<TaskId, PlannedTask>();
  for (const [name, task] of Object.entries(sketch.tasks)) {
    const id = taskId(name);
    tasks.set(id, plannedTask(id, task, sketch));
  }
  return {
    study: 'sketch',
    file: sketch.file ?? '/nowhere/study.yaml',
    params: {},
    smoke: sketch.smoke ?? false,
    tasks,
    graph: buildGraph(tasks),
    data: new Map(
      Object.entries(sketch.data ?? {}).map(([name, data]) => [
        name,
        { name, options: {}, root: undefined, facts: {}, place, ...data },
      ]),
    ),
    pools: new Map(),
    leftOut: [],
  };
}

function plannedTask(id: TaskId, task: TaskSketch, sketch: PlanSketch): PlannedTask {
  const { kind = 'note', inputs = {}, needs = [], ...rest } = task;
  return {
    id,
    name: id.split('@')[0] ?? id,
    coordinates: {},
    kind,
    options: {} satisfies JsonObject,
    facts: {},
    traits: {},
    resources: { slots: 0 },
    retries: 0,
    timeoutMs: undefined,
    stallMs: undefined,
    keep: {},
    place,
    ...rest,
    needs: needs.map(taskId),
    inputs: Object.fromEntries(
      Object.entries(inputs).map(([name, said]) => [name, plannedInput(said, sketch)]),
    ),
  };
}

function plannedInput(said: string | readonly string[], sketch: PlanSketch): PlannedInput {
  if (typeof said !== 'string') {
    return {
      kind: 'gathered',
      items: said.map((each, index) => {
        const { from, output } = reference(each);
        return {
          from,
          output,
          coordinates: { pool: index },
          facts: sketch.tasks[from]?.facts?.[output] ?? {},
        };
      }),
    };
  }
  if (said.startsWith('data:')) return { kind: 'data', data: said.slice('data:'.length), part: undefined };
  return { kind: 'artifact', ...reference(said) };
}

function reference(text: string): { readonly from: TaskId; readonly output: string } {
  const dot = text.lastIndexOf('.');
  return { from: taskId(text.slice(0, dot)), output: text.slice(dot + 1) };
}
