import type { TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import { Keyer } from '../keys/keyer.ts';
import type { OutputLookup } from '../keys/keyer.ts';
import { withProducers } from '../plan/graph.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import { readDurations } from './durations.ts';
import type { Durations } from './durations.ts';
import type { Outputs } from './events.ts';
import { namedDurations } from './named-durations.ts';
import { artifactsRead } from './until-used.ts';

export interface AssessRequest {
  readonly plan: Plan;
  readonly registry: Registry;
  readonly store: Store;
  /** What estimates are read for; see `Slot.deviceClass`. */
  readonly deviceClass: string;
  /** Tasks to assess, with all they need; default: every one. */
  readonly only?: Iterable<TaskId>;
  readonly signal?: AbortSignal;
  /** Where keys have been made already: what tasks share (data sets, versions of programs) is then found once. */
  readonly keyer?: Keyer;
}

/** What a run would do with a task, as far as can be known before it. */
export interface TaskAssessment {
  readonly task: TaskId;
  /** `if-changed`: its key is not known before a task that it follows has run; a result may stand by then. */
  readonly state: 'cached' | 'run' | 'if-changed';
  /** Why, in a few words. */
  readonly reason: string;
  /** Undefined where keys end: downstream of the first task without a result. */
  readonly key: TaskKey | undefined;
  readonly outputs: Outputs | undefined;
  /** Time expected if it runs; undefined where nothing is known. */
  readonly estimateMs: number | undefined;
}

export interface PlanAssessment {
  /** In the plan's order. */
  readonly tasks: ReadonlyMap<TaskId, TaskAssessment>;
  /** Tasks that cannot be keyed on this machine: data or programs that are not there. */
  readonly problems: readonly AssessmentProblem[];
}

export interface AssessmentProblem {
  readonly task: TaskId;
  readonly message: string;
  readonly hint?: string;
}

/** Looks what a run would find: keys are made as far as results stand, and nothing is computed. */
export async function assessPlan(request: AssessRequest): Promise<PlanAssessment> {
  const { plan, registry, store, signal } = request;
  const durations = await readDurations(store);
  const keyer =
    request.keyer ?? new Keyer({ plan, registry, store, signal: signal ?? new AbortController().signal });
  const wanted = request.only === undefined ? undefined : withProducers(plan, request.only);
  const found = new Map<TaskId, TaskAssessment>();
  const problems: AssessmentProblem[] = [];
  let ownPast: ReturnType<typeof namedDurations> | undefined;
  for (const id of plan.graph.topologicalOrder()) {
    const task = plan.tasks.get(id);
    if (task === undefined || wanted?.has(id) === false) continue;
    signal?.throwIfAborted();
    const standing = await assessTask(task, { plan, keyer, store, found, durations });
    const { kind, traits } = task;
    const isOpen = 'message' in standing || standing.state !== 'cached';
    const named = isOpen
      ? await (ownPast ??= namedDurations({ ...request, runsDir: store.runsDir }))
      : undefined;
    const estimateMs =
      named?.(task) ?? durations.estimate({ kind, traits, deviceClass: request.deviceClass });
    if ('message' in standing) problems.push({ task: id, ...standing });
    const { state, reason, key, outputs } = 'message' in standing ? unkeyed : standing;
    found.set(id, { task: id, estimateMs, state, reason, key, outputs });
  }
  await findLostBytes(plan, store, found);
  const inOrder = [...plan.tasks.keys()].flatMap((id) => found.get(id) ?? []);
  return { tasks: new Map(inOrder.map((each) => [each.task, each])), problems };
}

const unkeyed = {
  state: 'run',
  reason: 'its key cannot be made',
  key: undefined,
  outputs: undefined,
} as const;

type Standing =
  Omit<TaskAssessment, 'task' | 'estimateMs'> | { readonly message: string; readonly hint?: string };

async function assessTask(
  task: PlannedTask,
  known: {
    readonly plan: Plan;
    readonly keyer: Keyer;
    readonly store: Store;
    readonly found: ReadonlyMap<TaskId, TaskAssessment>;
    readonly durations: Durations;
  },
): Promise<Standing> {
  const { plan, keyer, store, found, durations } = known;
  const unknown = { key: undefined, outputs: undefined };
  const outputOf: OutputLookup = (from, output) => found.get(from)?.outputs?.[output];
  const now = keyer.keyNow(task, outputOf);
  const keyed = now instanceof Promise ? await keyer.key(task, outputOf) : now;
  switch (keyed.kind) {
    case 'waiting':
      // The same action would have had the same traits: where none ever had, none can stand.
      return durations.isKnown(task)
        ? { ...unknown, state: 'if-changed', reason: `follows ${keyed.producer}` }
        : {
            ...unknown,
            state: 'run',
            reason: `follows ${keyed.producer}, new here`,
          };
    case 'unusable':
      return { message: keyed.message, ...(keyed.hint === undefined ? {} : { hint: keyed.hint }) };
    case 'store-failure':
      return { message: `${keyed.path}: ${keyed.detail}` };
    case 'keyed': {
      const { key } = keyed.keyed;
      const peeked = store.actions.peek(key);
      const standing = peeked === undefined ? await store.actions.get(key) : undefined;
      const result = standing?.kind === 'found' ? standing.result : peeked;
      if (result !== undefined) {
        const { outputs, provenance } = result;
        return { state: 'cached', reason: `computed ${provenance.startedAt}`, key, outputs };
      }
      const ordered = plan.graph.producersOf(task.id).find((id) => found.get(id)?.state !== 'cached');
      const after = ordered === undefined ? '' : `, after ${ordered}`;
      return { state: 'run', reason: `no result yet${after}`, key, outputs: undefined };
    }
  }
}

/** A result whose bytes are gone serves as long as nobody reads it; what a task that runs reads has to be made again. */
async function findLostBytes(plan: Plan, store: Store, found: Map<TaskId, TaskAssessment>): Promise<void> {
  const open = [...found.values()].filter((each) => each.state === 'run').map((each) => each.task);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const task = plan.tasks.get(next);
    if (task === undefined) continue;
    for (const { from, output } of artifactsRead(task)) {
      const producer = found.get(from);
      const digest = producer?.outputs?.[output];
      if (producer?.state !== 'cached' || digest === undefined) continue;
      if (await store.artifacts.isComplete(digest)) continue;
      found.set(from, { ...producer, state: 'run', reason: `its bytes are gone, and ${next} reads them` });
      open.push(from);
    }
  }
}
