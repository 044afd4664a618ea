import type { Facts } from '../contract/scalar.ts';
import type { Resources } from '../contract/resources.ts';
import { formatAddress } from '../plan/address.ts';
import type { GatheredItem, PlannedTask, TaskId } from '../plan/plan.ts';
import type { Tuple } from './axis.ts';
import { tupleKey } from './axis.ts';
import { connect, selectParts } from './connect.ts';
import type {
  DataDeclaration,
  GroupDeclaration,
  LeafDeclaration,
  PoolDeclaration,
  Scope,
  TaskDeclaration,
} from './declaration.ts';
import { evaluateBare, evaluateLayers, evaluateNode } from './evaluate.ts';
import type { ExpressionCompiler } from './expression.ts';
import type { Findings } from './findings.ts';
import type { Instance } from './instance.ts';
import { coordinatesOf, Expanded } from './instance.ts';
import type { Located } from './located.ts';
import type { Frame, LookupContext } from './lookup.ts';
import { evaluationFor } from './lookup.ts';
import { leavesOf } from './names.ts';
import type { Unit } from './order.ts';
import { OptionsPreparer } from './prepare-options.ts';
import type { Reach } from './reach.ts';
import type { Reference } from './reference.ts';
import { ReferenceValue, isReference } from './reference.ts';
import { readExtras } from './task-extras.ts';
import { placeOf } from './source.ts';
import type { Round } from './tuples.ts';
import { groupsAround, mostInstances, placesOf } from './tuples.ts';
import type { UseFinder } from './uses.ts';
import type { Failed, Value } from './value.ts';
import { describeValue, failed, isList, isRecord } from './value.ts';

/** A repeat that has not ended by then never will. */
const mostRounds = 1000;
const mostEdges = 1_000_000;
/** After so many failures of one task, the others would say the same. */
const failuresShown = 5;

export interface ExpandRequest {
  readonly units: readonly Unit[];
  readonly reach: ReadonlyMap<LeafDeclaration, Reach>;
  readonly data: ReadonlyMap<string, DataDeclaration>;
  /** Leaves about which something has been reported already. */
  readonly broken: ReadonlySet<LeafDeclaration>;
  readonly finder: UseFinder;
  readonly compiler: ExpressionCompiler;
  readonly findings: Findings;
  readonly smoke: boolean;
}

export interface ExpandedStudy {
  /** In plan order: by dependence, then along the axes. */
  readonly tasks: readonly PlannedTask[];
  readonly pools: ReadonlyMap<string, readonly GatheredItem[]>;
}

/** Makes every instance of every task, in order of dependence, with its inputs, options and facts. */
export function expandStudy(request: ExpandRequest): ExpandedStudy {
  const expansion = new Expansion(request);
  expansion.units(request.units, new Map());
  return expansion.result(request.units);
}

type Rounds = ReadonlyMap<GroupDeclaration, Round>;

class Expansion {
  readonly #request: ExpandRequest;
  readonly #expanded: Expanded;
  readonly #context: LookupContext;
  readonly #options: OptionsPreparer;
  #instances = 0;
  #edges = 0;
  #full = false;

  constructor(request: ExpandRequest) {
    const { compiler, findings, finder, reach, smoke } = request;
    this.#request = request;
    this.#expanded = new Expanded((leaf) => reach.get(leaf)?.axes ?? []);
    for (const leaf of request.broken) this.#expanded.broken.add(leaf);
    this.#context = { base: { compiler, findings }, finder, expanded: this.#expanded };
    this.#options = new OptionsPreparer(findings, smoke);
  }

  units(units: readonly Unit[], rounds: Rounds): void {
    for (const unit of units) {
      if (this.#full) return;
      if (unit.kind === 'repeat') this.#repeat(unit.group, unit.units, rounds);
      else this.#leaf(unit.leaf, rounds);
    }
  }

  result(units: readonly Unit[]): ExpandedStudy {
    const tasks: PlannedTask[] = [];
    const pools = new Map<string, readonly GatheredItem[]>();
    const collect = (unit: Unit): void => {
      if (unit.kind === 'repeat') {
        unit.units.forEach(collect);
      } else if (unit.leaf.kind === 'task') {
        tasks.push(
          ...this.#expanded
            .instances(unit.leaf)
            .sorted()
            .map((instance) => instance.task),
        );
      } else {
        const { name } = unit.leaf;
        const axes = this.#axesOf(unit.leaf);
        for (const pool of this.#expanded.pools(unit.leaf).sorted()) {
          const items = pool.members.map(({ from, output, coordinates, facts }) => ({
            from,
            output,
            coordinates,
            facts,
          }));
          pools.set(formatAddress(name, coordinatesOf(pool.tuple, axes)), items);
        }
      }
    };
    units.forEach(collect);
    return { tasks, pools };
  }

  #axesOf(leaf: LeafDeclaration): Reach['axes'] {
    return this.#request.reach.get(leaf)?.axes ?? [];
  }

  #leaf(leaf: LeafDeclaration, rounds: Rounds): void {
    const { broken } = this.#expanded;
    if (broken.has(leaf)) return;
    const places = placesOf(leaf, {
      finder: this.#request.finder,
      expanded: this.#expanded,
      reachOf: (one) => this.#request.reach.get(one)!,
      rounds,
      enters: (group, tuple) =>
        this.#condition(group.condition, group.scope, { owner: group, previousFrom: group.parent, tuple }),
    });
    if (places === failed) {
      broken.add(leaf);
      return;
    }
    if (places === 'too-many') {
      this.#tooMany(leaf);
      return;
    }
    let failures = 0;
    for (const tuple of places) {
      const frame: Frame = { owner: leaf, previousFrom: leaf.parent, tuple };
      const wanted = this.#condition(leaf.condition, leaf.scope, frame);
      if (wanted === false) continue;
      const made = wanted === failed ? failed : this.#instance(leaf, frame);
      if (made === failed) {
        broken.add(leaf);
        if (++failures >= failuresShown) return;
      }
      if (this.#full) return;
    }
    this.#checkWalked(leaf, rounds);
  }

  /** `each` over nothing is a mistake: a task that silently never runs. */
  #checkWalked(leaf: LeafDeclaration, rounds: Rounds): void {
    const { finder, findings } = this.#request;
    const each = finder.ofLeaf(leaf).each;
    if (
      each === undefined ||
      each.declaration.kind === 'group' ||
      this.#expanded.broken.has(each.declaration)
    )
      return;
    if (this.#expanded.walked(each.declaration).size > 0 || rounds.size > 0) return;
    const what = each.declaration.kind === 'pool' ? 'members' : 'instances';
    findings.report({
      code: 'empty-each',
      span: each.span,
      message: `'${leaf.name}' is for each of '${each.declaration.name}', which has no ${what}`,
      hint:
        each.declaration.kind === 'pool'
          ? 'list at least one model in the pool'
          : 'look at its `if` and its axes',
      related: [{ span: each.declaration.key, note: `'${each.declaration.name}' is declared here` }],
    });
    this.#expanded.broken.add(leaf);
  }

  #instance(leaf: LeafDeclaration, frame: Frame): true | Failed {
    if (++this.#instances > mostInstances) {
      this.#tooMany(leaf);
      return failed;
    }
    return leaf.kind === 'pool' ? this.#pool(leaf, frame) : this.#task(leaf, frame);
  }

  #pool(pool: PoolDeclaration, frame: Frame): true | Failed {
    const { findings } = this.#request;
    const value =
      pool.models === undefined
        ? []
        : evaluateNode(pool.models, pool.scope, evaluationFor(this.#context, frame));
    if (value === failed) return failed;
    const members: Reference[] = [];
    for (const entry of isList(value) ? value : [value]) {
      for (const item of isList(entry) ? entry : [entry]) {
        if (!isReference(item)) {
          findings.report({
            code: 'wrong-type',
            span: pool.models?.span ?? pool.key,
            message: `pool '${pool.name}' takes references, and this is ${describeValue(item)}`,
            hint: 'write models: ["${{ task.model }}", "${{ all.task.model }}"]',
          });
          return failed;
        }
        members.push(item);
      }
    }
    this.#expanded.pools(pool).add({ tuple: frame.tuple, members });
    const table = this.#expanded.members(pool);
    for (const [index, model] of members.entries()) {
      table.add({ tuple: new Map([...frame.tuple, [pool.axis, index]]), index, model });
    }
    return true;
  }

  #task(task: TaskDeclaration, frame: Frame): true | Failed {
    const { findings, data } = this.#request;
    const evaluation = evaluationFor(this.#context, frame);
    const values = evaluateLayers(task.with, evaluation);
    const extras = readExtras(task, evaluation);
    if (values === failed || extras === failed || !isRecord(values)) return failed;
    const connected = connect(task, values, findings);
    if (connected === failed) return failed;
    const prepared = this.#options.prepare(task, connected.options, connected.given);
    if (prepared === failed) return failed;
    const { options, outputs } = prepared;
    const inputs = selectParts(task, connected.inputs, options, data, findings);
    if (inputs === failed) return failed;

    const kind = task.task;
    const coordinates = coordinatesOf(frame.tuple, this.#axesOf(task));
    const id = formatAddress(task.name, coordinates);
    const facts = kind.facts?.({ options, inputs: connected.facts }) ?? {};
    const references = new Map(
      Object.entries(outputs).map(([output, port]) => {
        const promised: Facts = facts[output] ?? {};
        return [
          output,
          new ReferenceValue({ from: id, output, type: port.type, coordinates, facts: promised }),
        ];
      }),
    );
    const resources: Resources = { ...kind.resources, ...extras.resources };
    const planned: PlannedTask = {
      id,
      name: task.name,
      coordinates,
      kind: kind.kind,
      options,
      inputs,
      needs: this.#needs(task, frame.tuple),
      facts: Object.fromEntries([...references].map(([output, reference]) => [output, reference.facts])),
      traits: kind.traits?.({ options, inputs: connected.facts }) ?? {},
      resources,
      retries: extras.retries,
      timeoutMs: extras.timeoutMs,
      keep: Object.fromEntries(
        Object.entries(outputs).map(([output, port]) => [
          output,
          extras.keep(output) ?? port.keep ?? 'always',
        ]),
      ),
      place: placeOf(task.key),
    };
    const instance: Instance = { tuple: frame.tuple, id, task: planned, outputs: references };
    this.#expanded.instances(task).add(instance);
    this.#countEdges(task, planned);
    return true;
  }

  #countEdges(task: TaskDeclaration, planned: PlannedTask): void {
    this.#edges += planned.needs.length;
    for (const input of Object.values(planned.inputs)) {
      this.#edges += input.kind === 'gathered' ? input.items.length : 1;
    }
    if (this.#edges > mostEdges) this.#tooMany(task);
  }

  /** Everything that `needs` names and that stands where this instance stands. */
  #needs(task: TaskDeclaration, tuple: Tuple): readonly TaskId[] {
    const { finder } = this.#request;
    const named = [
      ...finder.ofLeaf(task).needs,
      ...groupsAround(task).flatMap((group) => finder.ofGroup(group).needs),
    ];
    const ids = new Set<TaskId>();
    for (const { declaration } of named) {
      for (const leaf of leavesOf(declaration)) {
        if (leaf.kind === 'pool') {
          for (const { members } of this.#expanded.pools(leaf).matching(tuple)) {
            for (const member of members) ids.add(member.from);
          }
        } else for (const { id } of this.#expanded.instances(leaf).matching(tuple)) ids.add(id);
      }
    }
    return [...ids];
  }

  #condition(node: Located | undefined, scope: Scope, frame: Frame): boolean | Failed {
    if (node?.kind !== 'scalar') return true;
    const value = evaluateBare(node, scope, evaluationFor(this.#context, frame));
    if (typeof value === 'boolean' || value === failed) return value;
    this.#request.findings.report({
      code: 'wrong-type',
      span: node.span,
      message: `'if' has to be true or false, and this is ${describeValue(value)}`,
    });
    return failed;
  }

  /** Round by round: what is inside at step 1, then at step 2, … as long as any place goes on. */
  #repeat(group: GroupDeclaration, units: readonly Unit[], rounds: Rounds): void {
    const leaves = leavesOf(group);
    const fail = (): void => leaves.forEach((leaf) => this.#expanded.broken.add(leaf));
    const counts = new Counts(this, group);
    for (let step = 1; ; step++) {
      if (this.#full || leaves.some((leaf) => this.#expanded.broken.has(leaf))) {
        fail();
        return;
      }
      let running = 0;
      const runs = (tuple: Tuple): boolean => {
        const goesOn = counts.runs(tuple, step);
        if (goesOn) running++;
        return goesOn;
      };
      this.units(units, new Map([...rounds, [group, { step, runs }]]));
      if (counts.failed) {
        fail();
        return;
      }
      if (running === 0) return;
      if (step > mostRounds) {
        this.#endless(group);
        fail();
        return;
      }
    }
  }

  #endless(group: GroupDeclaration): void {
    const { until, node } = group.repeat!;
    this.#request.findings.report({
      code: 'endless-repeat',
      span: until?.span ?? node.span,
      message: `'${group.name}' would go on after ${mostRounds} rounds`,
      hint: until === undefined ? 'repeat fewer times' : 'the condition never becomes true: use `times`',
    });
  }

  /** How often a group repeats at a place, by its `times`. */
  timesAt(group: GroupDeclaration, tuple: Tuple): number | Failed {
    const { times } = group.repeat!;
    if (times === undefined) return failed;
    const frame: Frame = { owner: group, previousFrom: group.parent, tuple };
    const value = evaluateBare(times, group.scope, evaluationFor(this.#context, frame));
    if (value === failed) return failed;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostRounds)
      return value;
    this.#request.findings.report({
      code: 'wrong-type',
      span: times.span,
      message: `'times' has to be a whole number from 0 to ${mostRounds}, and this is ${shown(value)}`,
    });
    return failed;
  }

  /** Whether `until` holds after a round. */
  endsAfter(group: GroupDeclaration, tuple: Tuple, step: number): boolean | Failed {
    const { until, axis } = group.repeat!;
    if (until === undefined) return failed;
    const after = new Map([...tuple, [axis, step] as const]);
    const frame: Frame = { owner: group, previousFrom: group, tuple: after };
    const value = evaluateBare(until, group.inner, evaluationFor(this.#context, frame));
    if (typeof value === 'boolean' || value === failed) return value;
    this.#request.findings.report({
      code: 'wrong-type',
      span: until.span,
      message: `'until' has to be true or false, and this is ${describeValue(value)}`,
    });
    return failed;
  }

  #tooMany(leaf: LeafDeclaration): void {
    this.#full = true;
    this.#request.findings.report({
      code: 'too-large',
      span: leaf.key,
      message: `the plan becomes too large at '${leaf.name}' (more than ${mostInstances} instances, or ${mostEdges} edges)`,
      hint: 'look for axes that multiply by mistake',
    });
    this.#expanded.broken.add(leaf);
  }
}

/** At which places a repeat still goes on. Places that agree on the axes known outside share one answer. */
class Counts {
  readonly #expansion: Expansion;
  readonly #group: GroupDeclaration;
  readonly #times = new Map<string, number>();
  readonly #ended = new Map<string, number>();
  failed = false;

  constructor(expansion: Expansion, group: GroupDeclaration) {
    this.#expansion = expansion;
    this.#group = group;
  }

  runs(tuple: Tuple, step: number): boolean {
    if (this.failed) return false;
    const key = tupleKey(tuple, [...tuple.keys()]);
    return this.#group.repeat!.times === undefined
      ? !this.#endedBefore(tuple, key, step)
      : step <= this.#count(tuple, key);
  }

  #count(tuple: Tuple, key: string): number {
    const known = this.#times.get(key);
    if (known !== undefined) return known;
    const count = this.#expansion.timesAt(this.#group, tuple);
    if (count === failed) this.failed = true;
    const times = count === failed ? 0 : count;
    this.#times.set(key, times);
    return times;
  }

  #endedBefore(tuple: Tuple, key: string, step: number): boolean {
    if (step === 1) return false;
    const known = this.#ended.get(key);
    if (known !== undefined && (known < 0 || known >= step)) return known < 0;
    const ends = this.#expansion.endsAfter(this.#group, tuple, step - 1);
    if (ends === failed) this.failed = true;
    const ended = ends !== false;
    // Negative: ended. Positive: known to go on up to this step.
    this.#ended.set(key, ended ? -1 : step);
    return ended;
  }
}

function shown(value: Value): string {
  return typeof value === 'number' ? String(value) : describeValue(value);
}
