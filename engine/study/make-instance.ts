import type { Facts } from '../contract/scalar.ts';
import { formatAddress } from '../plan/address.ts';
import type { PlannedTask, TaskId } from '../plan/plan.ts';
import type { Axis, Tuple } from './axis.ts';
import { connect, selectParts } from './connect.ts';
import type { DataDeclaration, PoolDeclaration, TaskDeclaration } from './declaration.ts';
import { evaluateLayered, evaluateNode } from './evaluate.ts';
import type { Instance } from './instance.ts';
import { coordinatesOf } from './instance.ts';
import type { Frame, LookupContext } from './lookup.ts';
import { evaluationFor } from './lookup.ts';
import { leavesOf } from './names.ts';
import { spanIn, type OptionsPreparer } from './prepare-options.ts';
import type { Reference } from './reference.ts';
import { isReference, ReferenceValue } from './reference.ts';
import { placeOf } from './source.ts';
import { noResources, readExtras } from './task-extras.ts';
import { groupsAround } from './tuples.ts';
import type { Failed } from './value.ts';
import { describeValue, failed, isList, isRecord } from './value.ts';

export interface MakeContext {
  readonly lookup: LookupContext;
  readonly options: OptionsPreparer;
  readonly data: ReadonlyMap<string, DataDeclaration>;
  readonly axesOf: (task: TaskDeclaration) => readonly Axis[];
}

/** One instance of a task: its `with` evaluated, sorted into inputs and options, checked, and its facts foretold. */
export function makeTask(task: TaskDeclaration, frame: Frame, context: MakeContext): Instance | Failed {
  const { findings } = context.lookup.base;
  const evaluation = evaluationFor(context.lookup, frame);
  const values = evaluateLayered(task.with, evaluation);
  const extras = readExtras(task, evaluation);
  if (values === failed || extras === failed || !isRecord(values)) return failed;
  const connected = connect(task, values, findings);
  if (connected === failed) return failed;
  const prepared = context.options.prepare(task, connected.options, connected.given);
  if (prepared === failed) return failed;
  const { options, outputs } = prepared;
  const inputs = selectParts(task, connected.inputs, options, context.data, findings);
  if (inputs === failed) return failed;

  const kind = task.task;
  const coordinates = coordinatesOf(frame.tuple, context.axesOf(task));
  const id = formatAddress(task.name, coordinates);
  const asked = { options, inputs: connected.facts };
  const wrong = kind.check?.(asked);
  if (wrong !== undefined) {
    const { path, message, hint } = wrong;
    findings.report({ code: 'bad-option', message, hint, span: spanIn(task.with.nodes, path, task.key) });
    return failed;
  }
  const promised: { readonly [output: string]: Facts | undefined } = kind.facts?.(asked) ?? {};
  const references = new Map<string, Reference>();
  const facts: { [output: string]: Facts } = {};
  const keep: { [output: string]: 'always' | 'until-used' } = {};
  for (const [output, port] of Object.entries(outputs)) {
    const foretold = (Object.hasOwn(promised, output) ? promised[output] : undefined) ?? none;
    facts[output] = foretold;
    keep[output] = extras.keep(output) ?? port.keep ?? 'always';
    const { type } = port;
    references.set(output, new ReferenceValue({ from: id, output, type, coordinates, facts: foretold }));
  }
  const resources = typeof kind.resources === 'function' ? kind.resources(options) : kind.resources;
  const planned: PlannedTask = {
    id,
    name: task.name,
    coordinates,
    kind: kind.kind,
    options,
    inputs,
    needs: needsOf(task, frame.tuple, context.lookup),
    facts,
    traits: kind.traits?.(asked) ?? none,
    resources: extras.resources === noResources ? resources : { ...resources, ...extras.resources },
    retries: extras.retries,
    timeoutMs: extras.timeoutMs,
    stallMs: extras.stallMs,
    keep,
    place: placeOf(task.key),
  };
  return { tuple: frame.tuple, id, task: planned, outputs: references };
}

/** Shared: a plan of a hundred thousand tasks holds a hundred thousand of these. */
const none: Facts = {};

/** The members of a pool at one place: references, and lists of them flattened. */
export function makePool(
  pool: PoolDeclaration,
  frame: Frame,
  context: LookupContext,
): readonly Reference[] | Failed {
  if (pool.models === undefined) return [];
  const value = evaluateNode(pool.models, pool.scope, evaluationFor(context, frame));
  if (value === failed) return failed;
  const members: Reference[] = [];
  for (const item of (isList(value) ? value : [value]).flatMap((entry) =>
    isList(entry) ? entry : [entry],
  )) {
    if (!isReference(item)) {
      context.base.findings.report({
        code: 'wrong-type',
        span: pool.models.span,
        message: `pool '${pool.name}' takes references, and this is ${describeValue(item)}`,
        hint: 'write models: ["${{ task.model }}", "${{ all.task.model }}"]',
      });
      return failed;
    }
    members.push(item);
  }
  return members;
}

const noNeeds: readonly TaskId[] = [];

/** Everything that `needs` names, of the task and the groups around it, and that stands where this instance stands. */
function needsOf(
  task: TaskDeclaration,
  tuple: Tuple,
  { finder, expanded }: LookupContext,
): readonly TaskId[] {
  const named = [...finder.ofLeaf(task).needs];
  for (const group of groupsAround(task)) named.push(...finder.ofGroup(group).needs);
  if (named.length === 0) return noNeeds;
  const ids = new Set<TaskId>();
  for (const leaf of named.flatMap(({ declaration }) => leavesOf(declaration))) {
    if (leaf.kind === 'task') {
      for (const { id } of expanded.instances(leaf).matching(tuple)) ids.add(id);
    } else {
      for (const { members } of expanded.pools(leaf).matching(tuple)) {
        for (const member of members) ids.add(member.from);
      }
    }
  }
  return [...ids];
}
