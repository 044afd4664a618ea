import pLimit from 'p-limit';
import type { ActionResult } from '../../cache/action-store.ts';
import type { Digest, TaskKey } from '../../cache/digest.ts';
import type { Store } from '../../cache/store.ts';
import type { Registry } from '../contract/registry.ts';
import { Keyer } from '../keys/keyer.ts';
import type { KeyResult, OutputLookup } from '../keys/keyer.ts';
import { withProducers } from '../plan/graph.ts';
import type { Plan, PlannedTask, TaskId } from '../plan/plan.ts';
import { readDurations } from './durations.ts';
import type { Durations } from './durations.ts';
import type { Outputs } from './events.ts';
import { namedDurations } from './named-durations.ts';
import { unreadableTasks } from './unreadable-tasks.ts';
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

/** How many tasks are looked at together, where the answer takes a while: a remote's is a way there and back. */
const lookedAtOnce = 32;

/** Looks what a run would find: keys are made as far as results stand, and nothing is computed. */
export async function assessPlan(request: AssessRequest): Promise<PlanAssessment> {
  const { plan, registry, store, signal } = request;
  const durations = await readDurations(store);
  const keyer =
    request.keyer ?? new Keyer({ plan, registry, store, signal: signal ?? new AbortController().signal });
  const wanted = request.only === undefined ? undefined : withProducers(plan, request.only);
  const found = new Map<TaskId, TaskAssessment>();
  const problems = new Map<TaskId, AssessmentProblem>();
  const known = { plan, store, found, durations };
  let ownPast: ReturnType<typeof namedDurations> | undefined;
  const enter = (task: PlannedTask, standing: Standing, named?: NamedDurations): void => {
    const { id, kind, traits } = task;
    const estimateMs =
      named?.(task) ?? durations.estimate({ kind, traits, deviceClass: request.deviceClass });
    if ('message' in standing) problems.set(id, { task: id, ...standing });
    const { state, reason, key, outputs } = 'message' in standing ? unkeyed : standing;
    found.set(id, { task: id, estimateMs, state, reason, key, outputs });
  };
  const waiting = new Map<TaskId, Promise<void>>();
  const limit = pLimit(lookedAtOnce);
  for (const id of plan.graph.topologicalOrder()) {
    const task = plan.tasks.get(id);
    if (task === undefined || wanted?.has(id) === false) continue;
    signal?.throwIfAborted();
    const producers = plan.graph.producersOf(id).flatMap((producer) => waiting.get(producer) ?? []);
    const now = producers.length === 0 ? keyer.keyNow(task, outputsIn(found)) : undefined;
    const keyed = now instanceof Promise ? undefined : now;
    const standing = keyed && standsNow(store, keyed);
    if (standing !== undefined) enter(task, standing);
    else {
      const assess = async (): Promise<void> => {
        signal?.throwIfAborted();
        const looked = await assessTask(task, known, keyed ?? (await keyer.key(task, outputsIn(found))));
        const isOpen = 'message' in looked || looked.state !== 'cached';
        const named = isOpen
          ? await (ownPast ??= namedDurations({ ...request, runsDir: store.runsDir }))
          : undefined;
        enter(task, looked, named);
      };
      waiting.set(
        id,
        Promise.all(producers).then(() => limit(assess)),
      );
    }
  }
  await Promise.all(waiting.values());
  await findLostBytes(plan, store, found);
  const open = [...found.values()].filter(({ task, state }) => state === 'run' && !problems.has(task));
  const unreadable = await unreadableTasks(
    { plan, registry, keyer },
    open.map(({ task }) => task),
  );
  for (const [task, why] of unreadable) problems.set(task, { task, ...why });
  const inOrder = [...plan.tasks.keys()].flatMap((id) => found.get(id) ?? []);
  return {
    tasks: new Map(inOrder.map((each) => [each.task, each])),
    problems: inOrder.flatMap(({ task }) => problems.get(task) ?? []),
  };
}

type NamedDurations = Awaited<ReturnType<typeof namedDurations>>;

const unkeyed = {
  state: 'run',
  reason: 'its key cannot be made',
  key: undefined,
  outputs: undefined,
} as const;

type Standing =
  Omit<TaskAssessment, 'task' | 'estimateMs'> | { readonly message: string; readonly hint?: string };

interface Known {
  readonly plan: Plan;
  readonly store: Store;
  readonly found: ReadonlyMap<TaskId, TaskAssessment>;
  readonly durations: Durations;
}

const outputsIn =
  (found: Known['found']): OutputLookup =>
  (from, output) =>
    found.get(from)?.outputs?.[output];

/** Of a task that can be told to be cached without waiting for anything: thousands are, as a rule. */
function standsNow({ actions }: Store, keyed: KeyResult): Standing | undefined {
  if (keyed.kind !== 'keyed') return undefined;
  const { key } = keyed.keyed;
  const result = actions.peek(key);
  return result === undefined ? undefined : cached(key, result);
}

function cached(key: TaskKey, { outputs, provenance }: ActionResult): Standing {
  return { state: 'cached', reason: `computed ${provenance.startedAt}`, key, outputs };
}

async function assessTask(task: PlannedTask, known: Known, keyed: KeyResult): Promise<Standing> {
  const { plan, store, found, durations } = known;
  const unknown = { key: undefined, outputs: undefined };
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
      if (result !== undefined) return cached(key, result);
      const ordered = plan.graph.producersOf(task.id).find((id) => found.get(id)?.state !== 'cached');
      const after = ordered === undefined ? '' : `, after ${ordered}`;
      return { state: 'run', reason: `no result yet${after}`, key, outputs: undefined };
    }
  }
}

/** A result whose bytes are gone serves as long as nobody reads it; what a task that runs reads has to be made again. */
async function findLostBytes(plan: Plan, store: Store, found: Map<TaskId, TaskAssessment>): Promise<void> {
  const looked = new Set<string>();
  let open = [...found.values()].filter((each) => each.state === 'run').map((each) => each.task);
  while (open.length > 0) {
    const read: { readonly reader: TaskId; readonly producer: TaskAssessment; readonly digest: Digest }[] =
      [];
    for (const reader of open) {
      const task = plan.tasks.get(reader);
      for (const { from, output } of task === undefined ? [] : artifactsRead(task)) {
        const producer = found.get(from);
        const digest = producer?.outputs?.[output];
        if (producer?.state !== 'cached' || digest === undefined || looked.has(`${from} ${output}`)) continue;
        looked.add(`${from} ${output}`);
        read.push({ reader, producer, digest });
      }
    }
    const limit = pLimit(lookedAtOnce);
    const isThere = await Promise.all(
      read.map(({ digest }) => limit(() => store.artifacts.isComplete(digest))),
    );
    open = [];
    for (const [index, { reader, producer }] of read.entries()) {
      if (isThere[index] === true || found.get(producer.task)?.state !== 'cached') continue;
      const reason = `its bytes are gone, and ${reader} reads them`;
      found.set(producer.task, { ...producer, state: 'run', reason });
      open.push(producer.task);
    }
  }
}
