import { dirname } from 'node:path';
import type { KeyedTask } from '../keys/keyer.ts';
import type { GatheredItem, PlannedTask } from '../plan/plan.ts';
import type { Job, JobInput, JobItem, JobLimits } from '../worker/protocol.ts';
import { taskLogFile } from './run-folder.ts';
import type { RunState } from './run-state.ts';

/** What a job is made from: of a run, or of a task that is looked at by itself. */
export type JobSource = Pick<RunState, 'plan' | 'dataLists' | 'folder'> & {
  /** Absent where nothing is to be stored. */
  readonly maker?: RunState['maker'];
  readonly board: Pick<RunState['board'], 'task' | 'outputOf'>;
};

/** Everything that a worker has to know of a task, as plain JSON. */
export async function makeJob(
  run: JobSource,
  task: PlannedTask,
  { keyed, data }: KeyedTask,
  again: boolean,
): Promise<Job> {
  const inputs: [string, JobInput][] = [];
  for (const [name, input] of Object.entries(task.inputs)) {
    switch (input.kind) {
      case 'artifact': {
        const facts = run.board.task(input.from).facts[input.output] ?? {};
        inputs.push([name, { kind: 'artifact', item: itemOf(run, { ...input, facts, coordinates: {} }) }]);
        break;
      }
      case 'gathered':
        inputs.push([name, { kind: 'gathered', items: input.items.map((item) => itemOf(run, item)) }]);
        break;
      case 'data': {
        const planned = run.plan.data.get(input.data);
        const found = data.get(name);
        if (planned === undefined || found === undefined)
          throw new Error(`data '${input.data}' was not identified`);
        const { adapter, options, root, facts } = planned;
        const filesAt = await run.dataLists.pathOf(found);
        const { digest } = found;
        inputs.push([
          name,
          { kind: 'data', adapter, options, root, part: input.part, digest, facts, filesAt },
        ]);
        break;
      }
    }
  }
  return {
    task: task.id,
    kind: task.kind,
    key: keyed.key,
    action: keyed.text,
    options: task.options,
    inputs: Object.fromEntries(inputs),
    promised: task.facts,
    traits: task.traits,
    studyDir: dirname(run.plan.file),
    smoke: run.plan.smoke,
    logFile: taskLogFile(run.folder, task.id),
    again,
    limits: limitsOf(task),
    ...(run.maker === undefined ? {} : { maker: run.maker }),
  };
}

function limitsOf({ timeoutMs, stallMs, resources: { memoryBytes } }: PlannedTask): JobLimits {
  return {
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(stallMs === undefined ? {} : { stallMs }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  };
}

function itemOf(run: JobSource, item: GatheredItem): JobItem {
  const digest = run.board.outputOf(item.from, item.output);
  if (digest === undefined) throw new Error(`${item.from} has no '${item.output}' yet`);
  return { digest, facts: item.facts, coordinates: item.coordinates };
}
